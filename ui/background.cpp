#include "background.h"

#include <algorithm>

namespace lab::ui {

Background::Background(QObject* parent)
    : QObject(parent), thread_([this](const std::stop_token& stop) { loop(stop); }) {}

Background::~Background() {
  thread_.request_stop();
  thread_.join();
}

void Background::enqueue(const std::string& topic, std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](const Job& job) { return job.topic == topic; });
    waiting_.push_back({topic, std::move(work)});
  }
  arrived_.notify_one();
}

void Background::loop(const std::stop_token& stop) {
  while (true) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      if (!arrived_.wait(lock, stop, [this] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    job.work();
  }
}

}  // namespace lab::ui
