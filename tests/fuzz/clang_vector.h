// SPDX-License-Identifier: GPL-3.0-or-later
// Included in front of everything by Clang: LibTorch 1.13's headers use std::vector of a type that is not complete yet, which Clang
// refuses in C++20, where the functions of libstdc++'s vector are constexpr. They need not be.
#pragma once

#include <algorithm>
#include <memory>

#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
#define __fill_a1 fillBits // is declared constexpr by what is included above
#include <vector>
#undef __fill_a1
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR constexpr
