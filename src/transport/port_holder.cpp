#include "port_holder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <vector>

namespace causeway::transport {
namespace {

namespace fs = std::filesystem;

/// As /proc/net/udp and its like print an address: 32-bit words of the host's order.
std::string proc_text(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint32_t)) {
        std::uint32_t word{};
        std::memcpy(&word, bytes.data() + i, sizeof word);
        std::array<char, 9> hex{};
        std::snprintf(hex.data(), hex.size(), "%08" PRIX32, word);
        text += hex.data();
    }
    return text;
}

/// `ours` and `theirs` are addresses as /proc prints them. All zero: the wildcard.
bool overlaps(std::string_view ours, std::string_view theirs) {
    const auto is_wildcard = [](std::string_view address) {
        return address.find_first_not_of('0') == std::string_view::npos;
    };
    return ours == theirs || is_wildcard(ours) || is_wildcard(theirs);
}

/// The inode of the socket in this table that stands in the way, or nothing.
std::string inode_in(const char* table, const std::string& address, std::uint16_t port) {
    std::array<char, 5> port_text{};
    std::snprintf(port_text.data(), port_text.size(), "%04X", static_cast<unsigned>(port));
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);  // headings
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string slot;
        std::string local;
        words >> slot >> local;
        const std::size_t colon = local.find(':');
        if (colon == std::string::npos || local.substr(colon + 1) != port_text.data() ||
            !overlaps(address, std::string_view(local).substr(0, colon))) {
            continue;
        }
        // remote, state, queues, timer, retransmissions, uid, timeout, inode
        std::string word;
        for (int column = 0; column < 8; ++column) {
            words >> word;
        }
        return word;
    }
    return {};
}

bool holds(const fs::path& process, const std::string& socket) {
    std::error_code error;
    for (fs::directory_iterator it(process / "fd", error), end; !error && it != end;
         it.increment(error)) {
        std::error_code unreadable;
        if (fs::read_symlink(it->path(), unreadable) == socket) {
            return true;
        }
    }
    return false;
}

/// The process with this socket among its descriptors.
std::string process_with(const std::string& inode) {
    const std::string socket = "socket:[" + inode + "]";
    std::error_code error;
    for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
        const std::string pid = it->path().filename();
        const bool is_process = std::all_of(pid.begin(), pid.end(),
                                            [](unsigned char c) { return std::isdigit(c) != 0; });
        if (!is_process || !holds(it->path(), socket)) {
            continue;
        }
        std::string name;
        std::getline(std::ifstream(it->path() / "comm"), name);
        return name + " (pid " + pid + ")";
    }
    return {};
}

}  // namespace

std::string port_holder(const Endpoint& endpoint, sip::Transport transport) {
    const bool is_udp = transport == sip::Transport::Udp;
    const std::span<const std::uint8_t> bytes(endpoint.ip.bytes);
    std::string inode;
    if (endpoint.ip.is_v4()) {
        inode = inode_in(is_udp ? "/proc/net/udp" : "/proc/net/tcp", proc_text(bytes.last(4)),
                         endpoint.port);
    }
    if (inode.empty()) {
        inode =
            inode_in(is_udp ? "/proc/net/udp6" : "/proc/net/tcp6", proc_text(bytes), endpoint.port);
    }
    return inode.empty() ? std::string() : process_with(inode);
}

}  // namespace causeway::transport
