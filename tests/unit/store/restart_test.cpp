// What a reload may change and what it may not.
#include "unit/store/sample.hpp"

#include "causeway/store/keys.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {
namespace {

using store::Applies;
using store::Key;

/// What is said of this text by a daemon that was started with that one.
std::vector<std::string> reload(const std::string& before, const std::string& after) {
    const TemporaryFile file(before);
    const auto config = store::make_yaml_store({file.path(), store::Layer::File, {}});
    const Loaded started = config->load();
    if (!started) {
        return {"does not start: " + told(started.error()).front()};
    }
    std::ofstream(file.path(), std::ios::binary) << after;
    const Loaded loaded = config->load();
    if (!loaded) {
        std::vector<config::Problem> errors = loaded.error();
        std::erase_if(errors, [](const auto& problem) {
            return problem.severity == config::Severity::Warning;
        });
        return told(errors);
    }
    EXPECT_EQ(loaded->snapshot->version, started->snapshot->version + 1);
    return {};
}

/// Another value of a key, by line of the good file; line 13 is `cdr`, what follows it is new.
struct Change {
    std::string key;
    Edit edit;
    std::vector<std::string> want;  ///< empty: it applies
};

const std::string kCdr = "cdr: {file: /tmp/causeway-test.jsonl}\n";

std::vector<Change> changes() {
    return {
        {"node", {1, "node: n2"}, {"1: node: needs a restart"}},
        {"interfaces",
         {3,
          "  - {name: in, side: carrier, bind: 127.0.0.1, sip: [udp:5062, tcp:5062], "
          "rtp_ports: 10000-10997}"},
         {"3: interfaces[].sip: needs a restart", "3: interfaces[].rtp_ports: needs a restart"}},
        {"interfaces",
         {4,
          "  - {name: out, side: livekit, bind: 127.0.0.2, sip: [udp:5080], rtp_ports: "
          "11000-11999}\n"
          "  - {name: two, side: livekit, bind: 127.0.0.3, sip: [udp:5080], rtp_ports: "
          "11000-11999}"},
         {"2: interfaces: needs a restart",
          "10: gateway_groups[].interface: missing, and there is more than one livekit-side "
          "interface (out, two)"}},
        {"tls", {13, kCdr + "tls: {minimum: \"1.3\"}"}, {}},
        {"carriers", {6, "  - {name: three, sources: [10.0.9.10/32]}"}, {}},
        {"gateway_groups",
         {9, "  - {id: 1, name: main, gateways: [{uri: \"sip:127.0.0.21:5060\"}]}"},
         {}},
        {"tenants", {11, "  - {id: alpha, domain: alpha.example, dids: [\"+4930112\"]}"}, {}},
        {"routing", {13, kCdr + "routing: {backup_group: 1}"}, {}},
        {"did_files", {13, kCdr + "did_files: [dids.csv]"}, {}},
        {"call", {13, kCdr + "call: {max_duration: 1h}"}, {}},
        {"control",
         {13, kCdr + "control: {listen: 127.0.0.1:8081}"},
         {"14: control.listen: needs a restart"}},
        {"control",
         {13, kCdr + "control: {tokens: [{name: ops, token: t}]}"},
         {"14: control.tokens: needs a restart"}},
        {"webhook",
         {13, kCdr + "webhook: {listen: 127.0.0.1:8090}"},
         {"14: webhook.listen: needs a restart"}},
        {"metrics",
         {13, kCdr + "metrics:\n  listen: 127.0.0.1:9495\n  max_tenants: 5"},
         {"15: metrics.listen: needs a restart", "16: metrics.max_tenants: needs a restart"}},
        {"hooks", {13, kCdr + "hooks: {room_prefix: x-}"}, {}},
        {"livekit", {13, kCdr + "livekit: {projects: []}"}, {}},
        {"routing_webhook", {13, kCdr + "routing_webhook: {url: \"https://a.example/\"}"}, {}},
        {"hep", {13, kCdr + "hep: {address: 127.0.0.1:9060}"}, {}},
        {"otlp", {13, kCdr + "otlp: {url: \"http://a.example/\"}"}, {}},
        {"cdr", {13, "cdr: {file: /tmp/causeway-other.jsonl}"}, {}},
        {"state",
         {13, kCdr + "state: {directory: /tmp/state}"},
         {"14: state.directory: needs a restart"}},
        {"media", {13, kCdr + "media: {threads: 3}"}, {"14: media.threads: needs a restart"}},
        {"media", {13, kCdr + "media: {dscp: 0, fast_path: off}"}, {}},
        {"security", {13, kCdr + "security: {unknown_source: reject}"}, {}},
        {"log", {13, kCdr + "log: {level: debug, format: json, numbers: full}"}, {}},
        {"drain", {13, kCdr + "drain: {deadline: 5m}"}, {}},
    };
}

TEST(StoreReload, KnowsOfEveryKeyWhetherItApplies) {
    std::set<std::string> tried;
    for (const Change& change : changes()) {
        tried.insert(change.key);
        EXPECT_EQ(reload(edited({}), edited({change.edit})), change.want) << change.edit.text;
    }
    for (const Key& key : store::keys()) {
        if (key.parent().empty()) {
            EXPECT_TRUE(tried.contains(std::string(key.path))) << key.path << " has no row here";
        }
    }
}

TEST(StoreReload, IsRefusedForTheKeysOfTheContractAlone) {
    std::vector<std::string> keys;
    for (const Key& key : store::keys()) {
        if (key.applies == Applies::Restart) {
            keys.emplace_back(key.path);
        }
    }
    const std::vector<std::string> want{"node",    "interfaces", "control",      "webhook",
                                        "metrics", "state",      "media.threads"};
    EXPECT_EQ(keys, want);
}

TEST(StoreReload, TakesAValueForWhatItMeans) {
    const std::string defaults = kCdr +
                                 "control: {listen: \"127.0.0.1:8080\", tokens: []}\n"
                                 "metrics: {max_tenants: 1000}\n"
                                 "state: {redis: \"\"}\n"
                                 "media: {threads: auto}";
    EXPECT_EQ(reload(edited({}), edited({{13, defaults}})), std::vector<std::string>{});
    EXPECT_EQ(reload(edited({{13, defaults}}), edited({})), std::vector<std::string>{});
}

TEST(StoreReload, NamesWhatIsMissingWhereItShouldStand) {
    const std::vector<std::string> want{"1: media.threads: needs a restart"};
    EXPECT_EQ(reload(edited({{13, kCdr + "media: {threads: 2}"}}), edited({})), want);
}

TEST(StoreReload, ComparesWithTheStartHoweverManyFilesCameBetween) {
    const TemporaryFile file(edited({}));
    const auto config = store::make_yaml_store({file.path(), store::Layer::File, {}});
    ASSERT_TRUE(config->load());
    const auto load = [&](const std::string& text) {
        std::ofstream(file.path(), std::ios::binary) << text;
        return config->load();
    };
    EXPECT_FALSE(load(edited({{1, "node: n2"}})));
    EXPECT_FALSE(load(edited({{1, "node: n2"}})));
    EXPECT_FALSE(load("node: [\n"));
    const Loaded again = load(edited({{6, "  - {name: three, sources: [10.0.9.10/32]}"}}));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->snapshot->version, 2U) << "a refused file has no number";
}

}  // namespace
}  // namespace causeway::test
