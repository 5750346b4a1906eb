#include "causeway/store/store.hpp"

#include "document.hpp"
#include "draft.hpp"
#include "reader.hpp"

#include <exception>
#include <optional>

namespace causeway::store {
namespace {

using Loaded = Result<config::Configuration, std::vector<config::Problem>>;

tl::unexpected<std::vector<config::Problem>> broken(const std::string& path,
                                                    const SyntaxError& error) {
    return tl::unexpected(
        std::vector<config::Problem>{{path, error.line, error.what, config::Severity::Error}});
}

class YamlStore : public port::ConfigStore {
public:
    explicit YamlStore(Options options) : options_(std::move(options)) {}

    Loaded load() override {
        try {
            return read();
        } catch (const std::exception& error) {
            return broken(options_.path, {0, error.what()});
        }
    }

private:
    Loaded read() {
        const auto text = read_file(options_.path);
        if (!text) {
            return broken(options_.path, text.error());
        }
        const auto document = parse_document(*text);
        if (!document) {
            return broken(options_.path, document.error());
        }
        Problems problems(options_.path,
                          options_.layer == Layer::File ? Unsafe::IsWarning : Unsafe::IsError);
        Draft draft(problems);
        const Value file = read_values(*document, problems);
        if (file.given) {
            fill(file, draft);
        }
        if (started_) {
            check_restart(*started_, file, problems);
        }
        const bool is_good = !problems.has_errors();
        auto all = std::move(problems).take();
        if (!is_good) {
            return tl::unexpected(std::move(all));
        }
        if (!started_) {
            started_ = startup_part(file);
        }
        draft.snapshot.version = ++version_;
        draft.startup.interfaces = draft.snapshot.interfaces;
        return config::Configuration{
            std::move(draft.startup), std::move(draft.settings),
            std::make_shared<const config::Snapshot>(std::move(draft.snapshot)), std::move(all)};
    }

    void fill(const Value& file, Draft& draft) const {
        read_settings(file, draft);
        draft.startup.control = control_of(file["control"], options_.layer);
        read_interfaces(file["interfaces"], draft);
        read_carriers(file["carriers"], draft);
        read_groups(file["gateway_groups"], draft);
        read_tenants(file, draft);
        check_references(file, draft);
        if (options_.layer == Layer::FileAndHost) {
            check_host(file, options_, draft);
        }
    }

    Options options_;
    std::optional<Value> started_;  ///< of the first good file
    std::uint64_t version_{};
};

}  // namespace

Result<config::Control> find_control(const std::string& path) {
    try {
        const auto text = read_file(path);
        if (!text) {
            return fail(Errc::Io, path + ": " + text.error().what);
        }
        const auto document = parse_document(*text);
        if (!document) {
            return fail(Errc::Malformed, path + ":" + std::to_string(document.error().line) + ": " +
                                             document.error().what);
        }
        Problems ignored(path, Unsafe::IsWarning);
        const Value file = read_values(*document, ignored);
        if (!file.given) {
            return fail(Errc::Malformed, path + ": no configuration");
        }
        return control_of(file["control"], Layer::FileAndHost);
    } catch (const std::exception& error) {
        return fail(Errc::Malformed, path + ": " + error.what());
    }
}

std::unique_ptr<port::ConfigStore> make_yaml_store(Options options) {
    return std::make_unique<YamlStore>(std::move(options));
}

}  // namespace causeway::store
