#pragma once

#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::testing {

/// A page of metrics in the text format of Prometheus, version 0.0.4, read strictly: every sample
/// below the `# TYPE` of its family, no series twice, label names and numbers well formed.
struct Exposition {
    struct Family {
        std::string type;
        std::string help;
        std::set<std::string> labels;  ///< `a, b` of each sample, without a histogram's `le`
    };
    std::map<std::string, Family, std::less<>> families;
    std::map<std::string, double, std::less<>> samples;  ///< by series as it stands
    std::vector<std::string> faults;

    /// Of a series as it stands on the page; not a number if it is missing.
    [[nodiscard]] double value(std::string_view series) const {
        const auto found = samples.find(series);
        return found == samples.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
    }

    static Exposition parse(const std::string& text) {
        Exposition page;
        if (text.empty() || text.back() != '\n') {
            page.faults.emplace_back("the last line has no end");
        }
        std::istringstream lines(text);
        std::string line;
        while (std::getline(lines, line)) {
            if (line.rfind("# HELP ", 0) == 0) {
                const std::size_t space = line.find(' ', 7);
                page.families[line.substr(7, space - 7)].help = line.substr(space + 1);
            } else if (line.rfind("# TYPE ", 0) == 0) {
                const std::size_t space = line.find(' ', 7);
                page.family_ = line.substr(7, space - 7);
                page.families[page.family_].type = line.substr(space + 1);
            } else if (!line.empty() && line[0] != '#') {
                page.take_sample(line);
            }
        }
        return page;
    }

private:
    void take_sample(const std::string& line) {
        const std::size_t gap = line.rfind(' ');
        const std::string series = line.substr(0, gap);
        const std::string number = gap == std::string::npos ? "" : line.substr(gap + 1);
        char* end = nullptr;
        const double value = std::strtod(number.c_str(), &end);
        if (number.empty() || *end != '\0') {
            faults.push_back("no number: " + line);
        }
        if (!samples.emplace(series, value).second) {
            faults.push_back("twice: " + series);
        }
        const std::size_t brace = series.find('{');
        const std::string name = series.substr(0, brace);
        Family& family = families[family_];
        const bool is_histogram = family.type == "histogram";
        if (name != family_ &&
            !(is_histogram && (name == family_ + "_bucket" || name == family_ + "_sum" ||
                               name == family_ + "_count"))) {
            faults.push_back("not below its TYPE: " + line);
        }
        family.labels.insert(brace == std::string::npos ? "" : label_names(series, brace));
    }

    /// `{a="x",b="y"}` from `brace` on; `le` is left out.
    std::string label_names(const std::string& series, std::size_t brace) {
        std::string names;
        std::size_t at = brace + 1;
        while (at < series.size() && series[at] != '}') {
            const std::size_t equals = series.find("=\"", at);
            if (equals == std::string::npos) {
                faults.push_back("broken label: " + series);
                return names;
            }
            const std::string name = series.substr(at, equals - at);
            if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) {
                faults.push_back("odd label: " + series);
            }
            at = equals + 2;
            while (at < series.size() && series[at] != '"') {
                at += series[at] == '\\' ? 2 : 1;
            }
            ++at;
            if (at < series.size() && series[at] == ',') {
                ++at;
            }
            if (name != "le") {
                names += (names.empty() ? "" : ", ") + name;
            }
        }
        if (at + 1 != series.size()) {
            faults.push_back("labels without end: " + series);
        }
        return names;
    }

    std::string family_;
};

}  // namespace causeway::testing
