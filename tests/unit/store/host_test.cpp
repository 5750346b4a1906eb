#include "unit/store/sample.hpp"

#include <sys/stat.h>

namespace causeway::test {
namespace {

std::vector<std::string> checked(const std::string& text) {
    const TemporaryFile file(text);
    const auto addresses = [] {
        return std::vector<IpAddress>{IpAddress::v4(127, 0, 0, 1), IpAddress::parse("::1").value(),
                                      IpAddress::v4(10, 0, 0, 5)};
    };
    const auto loaded =
        store::make_yaml_store({file.path(), store::Layer::FileAndHost, addresses})->load();
    return told(loaded ? loaded->warnings : loaded.error());
}

TEST(StoreHost, HasTheAddressesThatAreBound) {
    const auto bind = [](const std::string& address) {
        return edited({{3, "  - name: in\n    side: carrier\n    bind: \"" + address +
                               "\"\n    sip: [udp:5060]\n    rtp_ports: 10000-10999"}});
    };
    using Told = std::vector<std::string>;
    EXPECT_EQ(checked(bind("10.0.0.5")), Told{});
    EXPECT_EQ(checked(bind("127.9.9.9")), Told{}) << "loopback always counts";
    EXPECT_EQ(checked(bind("::1")), Told{});
    EXPECT_EQ(checked(bind("203.0.113.50")),
              Told{"5: interfaces[].bind: 203.0.113.50 is no address of this host, which has "
                   "127.0.0.1, ::1, 10.0.0.5; behind NAT write bind: 10.0.0.5, advertise: "
                   "203.0.113.50"});
    EXPECT_EQ(checked(bind("2001:db8::1")),
              Told{"5: interfaces[].bind: 2001:db8::1 is no address of this host, which has "
                   "127.0.0.1, ::1, 10.0.0.5"});
}

TEST(StoreHost, IsNotAskedForTheFileAlone) {
    EXPECT_EQ(problems_of(edited({{3,
                                   "  - {name: in, side: carrier, bind: 203.0.113.50, sip: "
                                   "[udp:5060], rtp_ports: 10000-10999}"},
                                  {13, "cdr: {file: /nonexistent/a/cdr.jsonl}"}})),
              std::vector<std::string>{});
}

TEST(StoreHost, CanListenWhereServeWould) {
    std::vector<std::string> asked;
    const auto obstacle = [&](const Endpoint& local,
                              sip::Transport transport) -> std::optional<store::Obstacle> {
        const std::string name = local.to_string() + "/" + std::string(sip::uri_name(transport));
        asked.push_back(name);
        if (name == "127.0.0.1:5060/udp") {
            return store::Obstacle{name + " is in use by nginx (pid 7)", config::Severity::Error};
        }
        if (name == "127.0.0.1:5062/tcp") {
            return store::Obstacle{name + " is in use", config::Severity::Warning};
        }
        return std::nullopt;
    };
    const TemporaryFile file(edited({{3,
                                      "  - name: in\n    side: carrier\n    bind: 127.0.0.1\n"
                                      "    sip:\n      - udp:5060\n      - tcp:5062\n"
                                      "    rtp_ports: 10000-10999"}}));
    const auto load = [&](store::Layer layer) {
        const auto loaded = store::make_yaml_store({file.path(), layer, {}, obstacle})->load();
        return told(loaded ? loaded->warnings : loaded.error());
    };
    EXPECT_EQ(load(store::Layer::FileAndHost),
              (std::vector<std::string>{
                  "7: interfaces[].sip: 127.0.0.1:5060/udp is in use by nginx (pid 7)",
                  "8: warning: interfaces[].sip: 127.0.0.1:5062/tcp is in use"}));
    EXPECT_GE(asked.size(), 3U) << "those of the other interface too";
    asked.clear();
    EXPECT_EQ(load(store::Layer::File), std::vector<std::string>{});
    EXPECT_TRUE(asked.empty());
}

TEST(StoreHost, CanWriteTheCdrFile) {
    const std::string folder = testing::TempDir() + "causeway-cdr-" + std::to_string(getpid());
    const auto cdr = [](const std::string& path) {
        return checked(edited({{13, "cdr: {file: \"" + path + "\"}"}}));
    };
    using Told = std::vector<std::string>;
    EXPECT_EQ(cdr(folder + "/cdr.jsonl"), Told{}) << "the last folder is made";
    EXPECT_EQ(cdr("cdr.jsonl"), Told{}) << "relative to the current folder";
    EXPECT_EQ(cdr(folder + "/more/cdr.jsonl"),
              Told{"13: cdr.file: " + folder + "/more/cdr.jsonl: cannot be written: " + folder +
                   " is no folder"});
    EXPECT_EQ(cdr("/proc/causeway/cdr.jsonl").size(), geteuid() == 0 ? 0U : 1U);
    ASSERT_EQ(mkdir(folder.c_str(), 0755), 0);
    EXPECT_EQ(cdr(folder), Told{"13: cdr.file: " + folder + ": cannot be written: is a folder"});
    EXPECT_EQ(cdr(folder + "/cdr.jsonl"), Told{});
    rmdir(folder.c_str());
}

TEST(StoreHost, WarnsOfPortsThatTheKernelGivesAway) {
    std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
    int first = 0;
    int last = 0;
    if (!(in >> first >> last) || first < 1100) {
        GTEST_SKIP() << "no range to compare with";
    }
    const std::string even = std::to_string(first - first % 2);
    const std::string odd = std::to_string(first - first % 2 + 1);
    const auto problems = checked(edited(
        {{3, "  - {name: in, side: carrier, bind: 127.0.0.1, sip: [udp:5060], rtp_ports: " + even +
                 "-" + odd + "}"}}));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0],
              "3: warning: interfaces[].rtp_ports: overlaps the ports that the kernel "
              "gives to others, " +
                  std::to_string(first) + "-" + std::to_string(last) +
                  " (net.ipv4.ip_local_port_range)");
}

}  // namespace
}  // namespace causeway::test
