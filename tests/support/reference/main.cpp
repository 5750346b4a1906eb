#include "support/reference/reference.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

/// Writes config/causeway.schema.json, the tables of docs/CONFIG.md and docs/REASONS.md anew:
/// FOLDER is the project's.
int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FOLDER\n";
        return 2;
    }
    const std::string folder = argv[1];
    const std::string page = folder + "/docs/CONFIG.md";
    std::ostringstream text;
    text << std::ifstream(page).rdbuf();
    std::ofstream schema(folder + "/config/causeway.schema.json");
    schema << causeway::test::config_schema();
    std::ofstream reference(page);
    reference << causeway::test::config_reference(text.str());
    std::ofstream reasons(folder + "/docs/REASONS.md");
    reasons << causeway::test::reasons_reference();
    return schema.flush() && reference.flush() && reasons.flush() ? 0 : 1;
}
