#include "explain.hpp"

#include "causeway/call/explain.hpp"
#include "causeway/sip/grammar.hpp"
#include "causeway/store/store.hpp"

#include <iostream>

namespace causeway::app {

Exit explain(const ExplainOptions& options) {
    const auto layer =
        options.layer == CheckOptions::Layer::File ? store::Layer::File : store::Layer::FileAndHost;
    const auto loaded = store::make_yaml_store({options.path, layer, {}})->load();
    if (!loaded) {
        for (const config::Problem& problem : loaded.error()) {
            std::cerr << problem.to_string() << '\n';
        }
        return Exit::Usage;
    }
    const config::Snapshot& config = *loaded->snapshot;
    const auto question = question_of(options, config);
    if (!question) {
        std::cerr << "causeway: " << question.error() << '\n';
        return Exit::Usage;
    }
    const auto invite = sip::Message::split(std::as_bytes(std::span(question->invite)));
    if (!invite || !invite->is_request() || invite->method() != "INVITE") {
        std::cerr << "causeway: no INVITE" << (invite ? "" : ": " + invite.error().what) << '\n';
        return Exit::Usage;
    }
    if (!sip::tag_of(*invite, sip::Field::To).empty()) {
        std::cerr << "causeway: an INVITE inside a dialog\n";
        return Exit::Usage;
    }
    const auto explanation = call::explain(config, question->from, *invite);
    std::cout << (options.output == ExplainOptions::Output::Json ? as_json(explanation, config)
                                                                 : as_table(explanation, config));
    return explanation.verdict ? Exit::Good : Exit::Bad;
}

}  // namespace causeway::app
