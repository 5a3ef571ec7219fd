# SPDX-License-Identifier: GPL-3.0-or-later
# TorchScript files, read and written with LibTorch itself behind checks of what LibTorch trusts. Also what the fuzz target is made of.
set(BITSCAPE_TORCHSCRIPT_SOURCES
    ../torchscript_import.cpp ../torchscript_export.cpp
    deep_stack.cpp network_draft.cpp pickle_check.cpp pickle_stack.cpp script_activations.cpp script_arithmetic.cpp script_call.cpp
    script_expressions.cpp script_grammar.cpp script_interpreter.cpp script_layers.cpp script_lexer.cpp script_operators.cpp
    script_parameter.cpp script_pieces.cpp script_pools.cpp script_queries.cpp script_scalars.cpp script_value.cpp script_views.cpp
    script_words.cpp script_writer.cpp torchscript_archive.cpp torchscript_metadata.cpp zip_archive.cpp zip_view.cpp)
list(TRANSFORM BITSCAPE_TORCHSCRIPT_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
