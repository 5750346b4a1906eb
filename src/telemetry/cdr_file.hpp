#pragma once

#include "causeway/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace causeway::telemetry {

/// A file of lines that others may rename away while we append to it.
/// Thread: one. Owns: the descriptor.
class CdrFile {
public:
    explicit CdrFile(std::string path) : path_(std::move(path)) {}
    ~CdrFile() { close(); }
    CdrFile(const CdrFile&) = delete;
    CdrFile& operator=(const CdrFile&) = delete;
    CdrFile(CdrFile&&) = delete;
    CdrFile& operator=(CdrFile&&) = delete;

    /// Opens the file unless it is open and still what its path names. A missing file is created
    /// with mode 0640, and its directory with 0750 if only that one is missing. A last line that
    /// an earlier process left unfinished is ended first. Io: names the file and why.
    [[nodiscard]] Result<void> open();

    /// Appends one line (without its end) by one write(2). After an error the file is closed; if
    /// part of the line went out, the next one starts on a line of its own.
    [[nodiscard]] Result<void> append(std::string_view line);

    /// Whether a line would find room, found out without writing one: opens the file and reserves
    /// a block behind its end. Where the file system cannot tell, the answer is yes.
    [[nodiscard]] bool has_room();

private:
    [[nodiscard]] bool is_current() const;
    [[nodiscard]] bool ends_unfinished() const;
    [[nodiscard]] Error io_error(int code) const;
    void close() noexcept;

    std::string path_;
    std::string buffer_;
    int fd_{-1};
    bool torn_{};  ///< the file does not end with a line end
};

}  // namespace causeway::telemetry
