#include "causeway/store/keys.hpp"

#include "support/reference/reference.hpp"
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

bool is_list_of_maps(Shape shape) {
    return shape == Shape::Maps || shape == Shape::ShortMaps;
}

TEST(StoreKeys, FormATree) {
    const auto all = paths();
    EXPECT_EQ(all.size(), store::keys().size()) << "a path stands twice";
    for (const Key& key : store::keys()) {
        const bool is_map = key.shape == Shape::Map || is_list_of_maps(key.shape);
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
        EXPECT_TRUE(is_element ? is_list_of_maps(hit->shape) : hit->shape == Shape::Map)
            << key.path;
    }
}

TEST(StoreKeys, HaveDefaultsThatTheyWouldAccept) {
    for (const Key& key : store::keys()) {
        if (!key.fallback.empty() && key.shape == Shape::Scalar) {
            EXPECT_TRUE(store::parse_scalar(key, key.fallback)) << key.path;
        }
    }
}

TEST(StoreKeys, StandInTheSchemaAsItIsShipped) {
    EXPECT_EQ(read(CAUSEWAY_SOURCE_DIR "/config/causeway.schema.json"), config_schema())
        << "cmake --build DIR --target reference";
}

TEST(StoreKeys, StandInConfigMd) {
    const std::string text = read(CAUSEWAY_SOURCE_DIR "/docs/CONFIG.md");
    EXPECT_EQ(text, config_reference(text)) << "cmake --build DIR --target reference";
    const std::regex row(R"(\n\| `([^`]+)` \| ([^|]+) \|)");
    std::set<std::string> documented;
    for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
        EXPECT_TRUE(documented.insert((*it)[1]).second) << (*it)[1] << " stands twice";
    }
    EXPECT_EQ(documented, paths());
}

/// The path of every key that a file of two-space steps and flow maps shows is hard to tell without
/// a parser: that each name stands there is what this holds, that the file is right is the
/// loader's.
TEST(StoreKeys, AreAllShownByTheReference) {
    const std::string text = read(CAUSEWAY_SOURCE_DIR "/config/causeway.yaml");
    for (const Key& key : store::keys()) {
        const bool is_short_form = key.path == "tenants[].dids";
        EXPECT_TRUE(is_short_form || text.find(std::string(key.name()) + ":") != std::string::npos)
            << key.path;
    }
}

}  // namespace
}  // namespace causeway::test
