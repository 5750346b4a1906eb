#include "causeway/store/keys.hpp"

#include "unit/store/sample.hpp"
#include "value.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

namespace causeway::test {
namespace {

using store::Form;
using store::Key;
using store::Shape;

std::string read(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> paths() {
    std::set<std::string> all;
    for (const Key& key : store::keys()) {
        all.emplace(key.path);
    }
    return all;
}

TEST(StoreKeys, FormATree) {
    const auto all = paths();
    EXPECT_EQ(all.size(), store::keys().size()) << "a path stands twice";
    for (const Key& key : store::keys()) {
        const bool is_map = key.shape == Shape::Map || key.shape == Shape::Maps;
        EXPECT_EQ(is_map, key.form == Form::None) << key.path;
        EXPECT_FALSE(key.doc.empty()) << key.path;
        EXPECT_TRUE(key.doc.ends_with('.')) << key.path;
        const std::string parent(key.parent());
        if (parent.empty()) {
            continue;
        }
        const bool is_element = parent.ends_with("[]");
        const std::string owner = is_element ? parent.substr(0, parent.size() - 2) : parent;
        const auto hit = std::find_if(store::keys().begin(), store::keys().end(),
                                      [&](const Key& one) { return one.path == owner; });
        ASSERT_NE(hit, store::keys().end()) << key.path;
        EXPECT_EQ(hit->shape, is_element ? Shape::Maps : Shape::Map) << key.path;
    }
}

TEST(StoreKeys, HaveDefaultsThatTheyWouldAccept) {
    for (const Key& key : store::keys()) {
        if (!key.fallback.empty() && key.shape == Shape::Scalar) {
            EXPECT_TRUE(store::parse_scalar(key, key.fallback)) << key.path;
        }
    }
}

TEST(StoreKeys, AreAllInConfigMdAndNoOthers) {
    const std::string text = read(CAUSEWAY_SOURCE_DIR "/docs/CONFIG.md");
    const std::regex row(R"(\n\| `([^`]+)` \| ([^|]+) \|)");
    std::set<std::string> documented;
    for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
        EXPECT_TRUE(documented.insert((*it)[1]).second) << (*it)[1] << " stands twice";
    }
    EXPECT_EQ(documented, paths());
}

TEST(StoreKeys, StandInConfigMdWithTheirDefaults) {
    const std::string text = read(CAUSEWAY_SOURCE_DIR "/docs/CONFIG.md");
    for (const Key& key : store::keys()) {
        const std::string row = "\n| `" + std::string(key.path) + "` | ";
        const auto at = text.find(row);
        ASSERT_NE(at, std::string::npos) << key.path;
        const std::string cells = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        if (key.presence == store::Presence::Required) {
            EXPECT_NE(cells.find("| required |"), std::string::npos) << cells;
        } else if (!key.fallback.empty()) {
            EXPECT_NE(cells.find("| `" + std::string(key.fallback) + "` |"), std::string::npos)
                << cells;
        }
    }
}

TEST(StoreKeys, AreAllUsedByTheFullExample) {
    const std::string path = CAUSEWAY_SOURCE_DIR "/tests/data/config/full.yaml";
    const auto loaded = store::make_yaml_store({path, store::Layer::File, {}})->load();
    ASSERT_TRUE(loaded) << told(loaded.error())[0];
    EXPECT_EQ(told(loaded->warnings), std::vector<std::string>{});
    const std::string text = read(path);
    for (const Key& key : store::keys()) {
        EXPECT_NE(text.find(std::string(key.name()) + ":"), std::string::npos) << key.path;
    }
}

}  // namespace
}  // namespace causeway::test
