// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/deep_stack.h"

#include "core/base/error.h"

#include <pthread.h>

#include <exception>

namespace bitscape {
namespace {

constexpr std::size_t kStackBytes = std::size_t { 256 } << 20;

struct Task {
    const std::function<void()>& work;
    std::exception_ptr thrown;
};

void* runTask(void* argument)
{
    auto& task = *static_cast<Task*>(argument);
    try {
        task.work();
    } catch (...) {
        task.thrown = std::current_exception();
    }
    return nullptr;
}

} // namespace

void onDeepStack(const std::function<void()>& work)
{
    Task task { work, nullptr };
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, kStackBytes);
    const int result = pthread_create(&thread, &attributes, runTask, &task);
    pthread_attr_destroy(&attributes);
    if (result != 0)
        throw Error(ErrorCode::Device, "The system has no memory for a thread with a large stack.");
    pthread_join(thread, nullptr);
    if (task.thrown)
        std::rethrow_exception(task.thrown);
}

} // namespace bitscape
