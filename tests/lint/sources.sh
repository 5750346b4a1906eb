# Sourced by the checks. sources ROOT FOLDER...: the C and C++ files below ROOT's folders,
# one a line, relative to ROOT.
sources() {
    local root=$1
    shift
    (cd "$root" && for folder in "$@"; do
        [ ! -d "$folder" ] || find "$folder" -type f \
            \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.c' \)
    done) | sort
}

# without_comments FILE: the same lines with comments blanked, so that prose is not code. String
# literals stay, and a // inside one ("sip://") is not a comment.
without_comments() {
    awk '
        {
            line = $0; out = ""; quoted = 0
            while (length(line)) {
                two = substr(line, 1, 2); one = substr(line, 1, 1)
                if (inside) {
                    if (two == "*/") { inside = 0; line = substr(line, 3) }
                    else line = substr(line, 2)
                    continue
                }
                if (one == "\\") { out = out two; line = substr(line, 3); continue }
                if (one == "\"") quoted = !quoted
                if (!quoted && two == "//") break
                if (!quoted && two == "/*") { inside = 1; line = substr(line, 3); continue }
                out = out one; line = substr(line, 2)
            }
            print out
        }' "$1"
}
