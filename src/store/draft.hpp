#pragma once

#include "problems.hpp"
#include "value.hpp"

#include "causeway/config/config.hpp"
#include "causeway/store/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// From checked values to the configuration: one function a section, in the order of their
/// references. Each reports what is wrong and goes on, so that one run tells everything; what it
/// builds is used only if nobody reported an error.
namespace causeway::store {

/// Names of one kind, with the line of each.
class Names {
public:
    /// `path` is the key that gives the name.
    explicit Names(std::string path) : path_(std::move(path)) {}

    /// Reports a name that is taken already.
    void take(const std::string& name, int line, Problems& problems);

private:
    std::string path_;
    std::map<std::string, int> lines_;
};

/// A configuration in the making.
struct Draft {
    explicit Draft(Problems& all) : problems(all) {}

    Problems& problems;
    config::Startup startup;
    config::Settings settings;
    config::Snapshot snapshot;
    std::vector<int> interface_lines;    ///< by position: where `bind` stands
    std::vector<std::string> group_ids;  ///< by position: `id` as text
};

/// `PATH: MESSAGE` at the value's line.
void complain(Draft& draft, const Value& value, const std::string& message);

void read_interfaces(const Value& list, Draft& draft);
/// The interface that a carrier or a group names, or the only one of that side.
std::optional<InterfaceId> find_interface(const Value& owner, sip::Side side, Draft& draft);
void read_carriers(const Value& list, Draft& draft);
void read_groups(const Value& list, Draft& draft);
/// `tenants` and `routing`, and whether every group is used.
void read_tenants(const Value& file, Draft& draft);
/// `call`, `metrics`, `cdr`, `media`, `security`, `log`, `drain` and `node`.
void read_settings(const Value& file, Draft& draft);

/// `control`: the listener, and who may use it. Secrets are fetched with `Layer::FileAndHost` only;
/// one that is missing is reported by `check_host`.
[[nodiscard]] config::Control control_of(const Value& control, Layer layer);

/// Who is named by keys that have no effect yet: carriers and tenants that must exist, names that
/// must differ, `control.listen` without tokens.
void check_references(const Value& file, Draft& draft);

/// Blocks that one carrier or group names, and where.
struct SourceList {
    std::string owner;  ///< `carrier primary`
    InterfaceId interface;
    admission::Peer peer;
    const Value* sources{};
};
/// Enters sources into admission's rules. Errors: a block named twice on an interface, more than a
/// /8 (IPv6: a /24) together. Warning: a block inside another carrier's.
void enter_sources(const std::vector<SourceList>& lists, Draft& draft);

/// What of a file only a start can change (`Applies::Restart`), to be compared with later files.
Value startup_part(const Value& file);
/// An error for everything in which the file differs from what was started with.
void check_restart(const Value& started, const Value& file, Problems& problems);

/// What only this host can tell: are the addresses its own, can the files be written.
void check_host(const Value& file, const Options& options, Draft& draft);

}  // namespace causeway::store
