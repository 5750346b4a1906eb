#include "cdr_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace causeway::telemetry {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kDirectoryMode = 0750;
constexpr off_t kBlock = 4096;

/// Non-blocking, so that a path that names a FIFO nobody reads fails instead of hanging.
int open_for_append(const std::string& path) {
    constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    const int fd = ::open(path.c_str(), kFlags, kFileMode);
    if (fd >= 0 || errno != ENOENT) {
        return fd;
    }
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    if (parent.empty() || ::mkdir(parent.c_str(), kDirectoryMode) != 0) {
        return -1;
    }
    return ::open(path.c_str(), kFlags, kFileMode);
}

}  // namespace

Error CdrFile::io_error(int code) const {
    return Error{Errc::Io, path_ + ": " + std::system_category().message(code)};
}

void CdrFile::close() noexcept {
    if (fd_ >= 0) {
        ::close(fd_);
        fd_ = -1;
    }
}

bool CdrFile::is_current() const {
    struct stat ours {};
    struct stat named {};
    return fd_ >= 0 && ::fstat(fd_, &ours) == 0 && ::stat(path_.c_str(), &named) == 0 &&
           ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

bool CdrFile::ends_unfinished() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) {
        return false;
    }
    const int reader = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (reader < 0) {
        return false;
    }
    char last = '\n';
    const ssize_t got = ::pread(reader, &last, 1, status.st_size - 1);
    ::close(reader);
    return got == 1 && last != '\n';
}

Result<void> CdrFile::open() {
    if (is_current()) {
        return {};
    }
    close();
    fd_ = open_for_append(path_);
    if (fd_ < 0) {
        return tl::make_unexpected(io_error(errno));
    }
    torn_ = ends_unfinished();
    return {};
}

Result<void> CdrFile::append(std::string_view line) {
    if (Result<void> opened = open(); !opened) {
        return opened;
    }
    buffer_.clear();
    if (torn_) {
        buffer_ += '\n';
    }
    buffer_ += line;
    buffer_ += '\n';
    ssize_t written = 0;
    do {
        written = ::write(fd_, buffer_.data(), buffer_.size());
    } while (written < 0 && errno == EINTR);
    if (written < 0) {
        Error error = io_error(errno);
        close();
        return tl::make_unexpected(std::move(error));
    }
    const auto count = static_cast<std::size_t>(written);
    if (count > 0) {
        torn_ = buffer_[count - 1] != '\n';
    }
    if (count < buffer_.size()) {
        return fail(Errc::Io, path_ + ": only part of a line could be written");
    }
    return {};
}

bool CdrFile::has_room() {
    if (!open()) {
        return false;
    }
    struct stat status {};
    if (::fstat(fd_, &status) != 0) {
        return false;
    }
    return ::fallocate(fd_, FALLOC_FL_KEEP_SIZE, status.st_size, kBlock) == 0 ||
           errno == EOPNOTSUPP || errno == ESPIPE;
}

}  // namespace causeway::telemetry
