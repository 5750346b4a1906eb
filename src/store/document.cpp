#include "document.hpp"

#include "text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unordered_map>

namespace causeway::store {
namespace {

/// Builds the document from yaml-cpp's events. (Its own Node tree costs some 500 bytes a value and
/// does not tell repeated keys.)
class Collector : public YAML::EventHandler {
public:
    void OnDocumentStart(const YAML::Mark& mark) override { line_ = mark.line + 1; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        put(mark, anchor, Node::Kind::Null, {});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto known = anchors_.find(anchor);
        if (known == anchors_.end()) {
            throw YAML::ParserException(mark, "this alias names the value that it stands in");
        }
        attach(known->second);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  const std::string& value) override {
        put(mark, anchor, Node::Kind::Scalar, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(mark, anchor, Node::Kind::List);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(mark, anchor, Node::Kind::Map);
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] int line() const { return line_; }
    Document take() { return std::move(document_); }

private:
    struct Open {
        Node node;
        YAML::anchor_t anchor{};
    };

    std::uint32_t store(Node node, YAML::anchor_t anchor) {
        document_.nodes.push_back(std::move(node));
        const auto index = static_cast<std::uint32_t>(document_.nodes.size() - 1);
        if (anchor != 0) {
            anchors_[anchor] = index;
        }
        return index;
    }
    void attach(std::uint32_t index) {
        if (!open_.empty()) {
            open_.back().node.children.push_back(index);
        }
        if (++values_ > kMostNodes) {
            throw YAML::ParserException(YAML::Mark::null_mark(),
                                        "more than " + std::to_string(kMostNodes) + " values");
        }
    }
    void put(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind, std::string text) {
        attach(store(Node{kind, mark.line + 1, std::move(text), {}}, anchor));
    }
    void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
        open_.push_back({Node{kind, mark.line + 1, {}, {}}, anchor});
    }
    // A collection is stored when it is complete: the root is the last node, and no alias can make
    // a circle.
    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        attach(store(std::move(done.node), done.anchor));
    }

    Document document_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, std::uint32_t> anchors_;
    std::size_t values_{};
    int line_{1};
};

tl::unexpected<SyntaxError> broken(int line, std::string what) {
    return tl::unexpected<SyntaxError>(SyntaxError{line, std::move(what)});
}

}  // namespace

Result<Document, SyntaxError> parse_document(const std::string& text) {
    if (const int line = first_bad_line(text)) {
        return broken(line, "not UTF-8 text, or a control character in it");
    }
    try {
        std::istringstream in(text);
        YAML::Parser parser(in);
        Collector collector;
        if (!parser.HandleNextDocument(collector)) {
            return broken(0, "the file is empty");
        }
        Document document = collector.take();
        Collector second;
        if (parser.HandleNextDocument(second)) {
            return broken(second.line(), "a second document (---): one file is one document");
        }
        return document;
    } catch (const YAML::Exception& error) {
        return broken(error.mark.is_null() ? 0 : error.mark.line + 1, error.msg);
    } catch (const std::exception& error) {
        return broken(0, error.what());
    }
}

Result<std::string, SyntaxError> read_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text;
    const std::string cannot = "cannot be read: ";
    if (!file) {
        return broken(0, cannot + std::generic_category().message(errno));
    }
    std::array<char, std::size_t{64} * 1024> chunk{};
    while (file.good() && text.size() <= kLargestFile) {
        file.read(chunk.data(), chunk.size());
        text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) {
        return broken(0, cannot + std::generic_category().message(errno));
    }
    if (text.size() > kLargestFile) {
        return broken(0, "larger than 16 MiB");
    }
    return text;
}

}  // namespace causeway::store
