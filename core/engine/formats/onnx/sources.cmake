# SPDX-License-Identifier: GPL-3.0-or-later
# The ONNX importer, which the engine and its fuzz target are built of.
set(BITSCAPE_ONNX_SOURCES
    averaging_matrix.cpp draft.cpp scalar_function.cpp
    onnx/channel_operators.cpp onnx/constant_folding.cpp onnx/elementwise_operators.cpp onnx/external_data.cpp onnx/image_input.cpp onnx/import_onnx.cpp
    onnx/layer_operators.cpp onnx/model_checks.cpp onnx/model_file.cpp onnx/model_metadata.cpp onnx/node_view.cpp onnx/operators.cpp
    onnx/passing_operators.cpp onnx/pool_operators.cpp onnx/shape_operators.cpp onnx/sizes.cpp onnx/tensor_values.cpp onnx/translation.cpp
    onnx/windows.cpp onnx/wire_scan.cpp)
list(TRANSFORM BITSCAPE_ONNX_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/../)
