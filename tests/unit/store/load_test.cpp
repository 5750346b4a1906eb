#include "unit/store/sample.hpp"

namespace causeway::test {
namespace {

TEST(StoreLoad, TakesTheDemoAsItIsShipped) {
    const std::string path = CAUSEWAY_SOURCE_DIR "/config/loopback.yaml";
    for (const store::Layer layer : {store::Layer::File, store::Layer::FileAndHost}) {
        const auto loaded = store::make_yaml_store({path, layer, {}})->load();
        ASSERT_TRUE(loaded) << told(loaded.error())[0];
        const config::Snapshot& all = *loaded->snapshot;
        EXPECT_EQ(loaded->startup.node, "loopback");
        EXPECT_EQ(loaded->settings.cdr_file, "/tmp/causeway-cdr.jsonl");
        EXPECT_EQ(all.admission.sources.find(InterfaceId{1}, IpAddress::v4(127, 0, 0, 10)),
                  (admission::Peer{admission::Owner::Carrier, 0}));
        EXPECT_EQ(all.normalize.carriers[0].apply("91874350352", {}), "+4991874350352");
        ASSERT_EQ(all.tenants.owner("+4991874350352"), TenantId{1});
        EXPECT_EQ(all.tenants.owner("+493012345678"), TenantId{1});
        EXPECT_EQ(all.routes.groups[0].gateways[0].address.peer.to_string(), "127.0.0.20:5060");
    }
}

std::string contents(const std::string& path) {
    std::ifstream in(std::string(CAUSEWAY_SOURCE_DIR) + "/" + path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(StoreLoad, TakesWhatIsShipped) {
    for (const char* file : {"config/causeway.yaml", "config/loopback.yaml",
                             "config/single-nic.yaml", "tests/data/config/product.yaml"}) {
        const std::string path = std::string(CAUSEWAY_SOURCE_DIR) + "/" + file;
        const auto loaded = store::make_yaml_store({path, store::Layer::File, {}})->load();
        EXPECT_TRUE(loaded) << file << ": " << told(loaded.error())[0];
    }
    EXPECT_EQ(problems_of(contents("config/single-nic.yaml"), store::Layer::FileAndHost),
              std::vector<std::string>{});
}

TEST(StoreLoad, TakesTheTextOfTheContract) {
    const std::string contract = contents("docs/PRODUCT.md");
    const std::string begin = "```yaml\n";
    const std::size_t at = contract.find(begin, contract.find("\n## 3. Configuration"));
    ASSERT_NE(at, std::string::npos);
    const std::size_t first = at + begin.size();
    EXPECT_EQ(contents("tests/data/config/product.yaml"),
              contract.substr(first, contract.find("```", first) - first));
}

TEST(StoreLoad, TakesAnAliasedList) {
    const auto loaded = load(edited(
        {{1, "node: n1\nx-sources: &net [10.0.7.0/24]"}, {6, "  - {name: one, sources: *net}"}}));
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    EXPECT_TRUE(
        loaded->snapshot->admission.sources.find(InterfaceId{1}, IpAddress::v4(10, 0, 7, 1)));
}

TEST(StoreLoad, TakesSectionsThatAreEmpty) {
    EXPECT_TRUE(load(edited({{13, "cdr: {file: /tmp/x}\ncall:\nmedia: {}\nlog: ~"}})));
}

TEST(StoreLoad, TakesWindowsLineEndsAndAByteOrderMark) {
    std::string text = "\xef\xbb\xbf" + edited({{13, "cdr: {file: /tmp/x}\nfoo: 1"}});
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
        text.insert(at, "\r");
    }
    EXPECT_EQ(problems_of(text), std::vector<std::string>{"14: foo: not known in this version"});
}

}  // namespace
}  // namespace causeway::test
