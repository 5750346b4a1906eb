#!/bin/bash
# selftest.sh   the checks can fail: each is run on a small tree with one fault and must name it.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
passed=0
failed=0

# A tree that every check accepts.
fresh() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/include/causeway/{base,sip,sdp,relay,transport} "$tree"/src/{base,sip,transport}
    printf 'base:\nsip:base\nsdp:base\nrelay:base sip\ntransport:base sip\n' >"$tree/layers.txt"
    printf '#pragma once\n[[nodiscard]] Result<int> read();\n' >"$tree/include/causeway/base/a.hpp"
    printf '#pragma once\n#include "causeway/base/a.hpp"\n#include <vector>\n' \
        >"$tree/include/causeway/sip/b.hpp"
    printf '#include "causeway/sip/b.hpp"\n#include <boost/asio.hpp>\n#include <sys/socket.h>\n' \
        >"$tree/src/transport/c.cpp"
    printf '// std::thread and TODO(#3) may be written about.\n' >"$tree/src/sip/d.cpp"
}

layering() { "$here/layering.sh" "$tree/layers.txt" "$tree"; }
nodiscard() { "$here/nodiscard.sh" "$tree"; }
size() { "$here/size.sh" "$tree"; }
words() { "$here/words.sh" "$tree"; }

accepts() {  # check, title
    local said
    if said=$("$1" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'selftest: %s refuses %s:\n%s\n' "$1" "$2" "$said"
    fi
}
refuses() {  # check, text expected in its words, title
    local said
    if said=$("$1" 2>&1); then
        failed=$((failed + 1))
        echo "selftest: $1 accepts $3"
    elif [[ $said != *"$2"* ]]; then
        failed=$((failed + 1))
        printf 'selftest: %s refuses %s without saying "%s":\n%s\n' "$1" "$3" "$2" "$said"
    else
        passed=$((passed + 1))
    fi
}
# add FILE LINE...
add() {
    local file=$tree/$1
    shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$@" >>"$file"
}

fresh
for check in layering nodiscard size words; do
    accepts $check 'the clean tree'
done

fresh && add src/sip/d.cpp '#include "causeway/transport/t.hpp"'
refuses layering 'not in its USES' 'an include that is not in USES'
fresh && add layers.txt 'dialog:transport'
refuses layering 'dialog may not use transport' 'an edge to a higher ring'
fresh && add layers.txt 'b2bua:base relay'
refuses layering 'b2bua may not use relay' 'two adapters that know each other'
fresh && add layers.txt 'misc:base'
refuses layering 'has no ring' 'a module without a ring'
fresh && add src/stray/s.cpp '#include <vector>'
refuses layering 'is not declared' 'a folder that is no module'
fresh && add src/sip/d.cpp '#include <boost/asio.hpp>'
refuses layering 'belongs to: transport' 'a library in the wrong module'
fresh && add src/transport/c.cpp '#include <sofia-sip/sip.h>'
refuses layering 'belongs to: sip' 'sofia-sip outside sip'
fresh && add src/transport/c.cpp '#include <uv/loop.h>'
refuses layering 'is of no library' 'a library nobody knows'
fresh && add src/transport/c.cpp '#include "../sip/d.hpp"'
refuses layering 'private header' 'a way around the public headers'
fresh && add src/transport/c.cpp '#include <causeway/base/a.hpp>'
refuses layering 'with quotes' 'our header in angle brackets'
fresh && add src/sip/d.cpp '#include <thread>'
refuses layering 'may not include <thread>' 'a thread in a pure module'
fresh && add src/sip/d.cpp '#include <sys/socket.h>'
refuses layering 'may not include <sys/socket.h>' 'a socket in a pure module'
fresh && add src/sip/d.cpp '#include "causeway/base/log.hpp"'
refuses layering 'causeway/base/log.hpp' 'the logger in a pure module'
fresh && add src/sip/d.cpp 'auto t = std::chrono::steady_clock::now();'
refuses layering 'src/sip/d.cpp:2: sip is pure' 'a clock in a pure module'
fresh && add src/sip/d.cpp 'std::mt19937 generator;'
refuses layering 'std::mt19937' 'randomness in a pure module'
fresh && add src/transport/c.cpp 'auto t = std::chrono::steady_clock::now();'
accepts layering 'a clock in an adapter'

fresh && add include/causeway/sip/b.hpp 'Verdict<Plan> plan(const Rules& rules);'
refuses nodiscard 'b.hpp:4: plan returns' 'a Verdict that can be forgotten'
fresh && add include/causeway/sip/b.hpp 'struct S {' 'public:' '  static base::Result<std::map<int, int>,' \
    '      std::vector<int>> load(int n = {});' '};'
refuses nodiscard 'load' 'a Result over two lines'
fresh && add include/causeway/sip/b.hpp 'template <class T>' 'Result<T> take(T t) { return t; }'
refuses nodiscard 'take' 'a template'
fresh && add include/causeway/sip/b.hpp 'template <class T>' '[[nodiscard]] Result<T> take(T t);' \
    'using R = Result<int>;' 'struct H { Result<int> held; };' \
    'virtual void on(Result<int> result) = 0;' '// Result<int> gone();'
accepts nodiscard 'members, arguments and comments'

fresh && add src/sip/d.cpp '// TODO later'
refuses words 'names its issue' 'a TODO without an issue'
fresh && add src/sip/d.cpp 'int x;  // FIXME'
refuses words 'mend it' 'a FIXME'
fresh && add src/sip/d.cpp '    using namespace std;'
refuses words 'spelled out' 'using namespace std'
fresh && add src/sip/d.cpp 'using namespace std::chrono_literals;'
accepts words 'literals'
fresh && add include/causeway/sip/e.hpp 'int x;'
refuses words 'no #pragma once' 'a header without a guard'
fresh && add src/sip/call_manager.cpp 'int x;'
refuses words 'name the file' 'a file named after nothing'

fresh && seq 1 601 | sed 's|^|// |' >"$tree/src/sip/d.cpp"
refuses size 'more than 600' 'a file of 601 lines'
fresh && { echo '#pragma once' && seq 1 250 | sed 's|^|// |'; } >"$tree/include/causeway/sip/e.hpp"
accepts size 'a header of 251 lines'

echo "selftest: $passed as expected, $failed not"
[ "$failed" -eq 0 ]
