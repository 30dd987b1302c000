#pragma once
// Work that would keep the window waiting (reading runs, closed forms over long trainings) goes to one thread
// beside it; the answer comes back as a call on the window's thread.

#include <QMetaObject>
#include <QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace lab::ui {

class Background : public QObject {
  Q_OBJECT
 public:
  explicit Background(QObject* parent = nullptr);
  ~Background() override;  ///< drops what waits, and waits for what runs

  /// `answer(work())` with work on the background thread, answer on the window's. Jobs of the same `topic` that
  /// still wait are replaced: only the latest matters.
  template <class Work, class Answer>
  void run(const std::string& topic, Work work, Answer answer) {
    enqueue(topic, [this, work = std::move(work), answer = std::move(answer)] {
      auto value = std::make_shared<decltype(work())>(work());
      QMetaObject::invokeMethod(
          this, [value, answer] { answer(std::move(*value)); }, Qt::QueuedConnection);
    });
  }

 private:
  struct Job {
    std::string topic;
    std::function<void()> work;
  };

  void enqueue(const std::string& topic, std::function<void()> work);
  void loop(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<Job> waiting_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace lab::ui
