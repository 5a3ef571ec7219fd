// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/script_words.h"

namespace bitscape::script {

/// Takes expressions and types off the words of a script; refuses those of more than 100 levels.
class Expressions final {
public:
    explicit Expressions(Words& words)
        : m_words(words)
    {
    }

    /// Tensor, __torch__.net.Block, Optional[Tuple[int, int]]
    void type();
    /// What a constant or a default may be: nothing that is reckoned.
    void literal();
    void expression();
    /// One or more with commas between them, as in a return or behind an assignment's sign.
    void several();

private:
    class Level;

    void deepen();
    void operand();
    void argument();
    void subscript();
    void atom();
    int trailers();

    Words& m_words;
    int m_depth = 0;
};

} // namespace bitscape::script
