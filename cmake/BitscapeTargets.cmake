# SPDX-License-Identifier: GPL-3.0-or-later
# The one place for warnings and for how a library or a test of Bitscape is declared.

add_library(bitscape_warnings INTERFACE)
target_compile_options(bitscape_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wconversion -Wno-sign-conversion
    -Wdouble-promotion -Wimplicit-fallthrough
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> # GCC 12 reports it falsely for every string concatenation at -O3
    $<$<BOOL:${BITSCAPE_WERROR}>:-Werror>)
# Results are to be the same whatever the compiler makes of a multiplication and an addition.
target_compile_options(bitscape_warnings INTERFACE -ffp-contract=off)

# bitscape_library(NAME sources...): a static library of the source tree.
function(bitscape_library name)
    add_library(${name} STATIC ${ARGN})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE bitscape_warnings)
endfunction()

# bitscape_test(NAME SOURCE libraries...): a Qt Test program, run by ctest.
function(bitscape_test name source)
    add_executable(${name} ${source})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE bitscape_warnings Qt6::Core Qt6::Test ${ARGN})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
