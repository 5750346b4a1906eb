# What cpack -G DEB makes of a build (make deb): the files of packaging/install.sh and the scripts beside
# this. Dependencies come from the binary itself (dpkg-shlibdeps).
install(CODE "
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env \"BINARY=$<TARGET_FILE:causeway>\" \"PREFIX=\${CMAKE_INSTALL_PREFIX}\"
      \"DESTDIR=\$ENV{DESTDIR}\" ${PROJECT_SOURCE_DIR}/packaging/install.sh install
    COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION share/doc/causeway COMPONENT deb)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME causeway)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The Causeway authors <authors@causeway.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "SIP B2BUA and RTP relay between telecom carriers and LiveKit SIP")
set(CPACK_PACKAGE_DESCRIPTION
  "A multi-tenant session border controller in one process with one configuration file: it takes
carriers' calls, finds the tenant of the number, places a clean call to a LiveKit SIP endpoint, relays
the audio and writes one record a call.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The user is made from its sysusers.d file, without systemd too; the unit reloads by procps' kill.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd-standalone-sysusers | systemd-sysusers, procps")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_CURRENT_LIST_DIR}/postinst;${CMAKE_CURRENT_LIST_DIR}/prerm
  ${CMAKE_CURRENT_LIST_DIR}/postrm;${CMAKE_CURRENT_LIST_DIR}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
