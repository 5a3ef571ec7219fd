// SPDX-License-Identifier: GPL-3.0-or-later
// A worker program, as a shell script, that behaves as a test wants.
#pragma once

/// What the worker does is in a file "do-RUN"; it notes its beginnings and ends in "log" and its process in "pid-RUN".
inline constexpr auto kWorker = R"sh(#!/bin/sh
cd "$(dirname "$0")" || exit 9
if [ "$1" != run ]; then
    echo "$*" > asked
    if [ -e refuse ]; then echo "bitscape-cli: There is no model of that name." >&2; exit 2; fi
    echo "run $(cat next)"
    exit 0
fi
echo "$*" > "args-$3"
echo $$ > "pid-$3"
echo "+ $3" >> log
. "./do-$3"
code=$?
echo "- $3" >> log
exit $code
)sh";

inline constexpr auto kUntilGo = "while [ ! -e go-$3 ]; do sleep 0.02; done; true\n";
