// The paper's tables of large networks. Their numbers need its own data and days of a GPU: the quick scale only shows
// that every row of them trains.

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

const std::string kSmoke =
    "At this scale a few small images stand in for the data, which shows that every row trains and nothing more.";

/// A convolutional network on some images of Fashion-MNIST, large enough for its shapes and no larger.
Assignments smokeTraining(const std::string& model, const std::string& imageSize) {
  Assignments training = with(fashionTraining("1"), {{"model", model},
                                                     {"image_size", imageSize},
                                                     {"image_fit", "resize"},
                                                     {"image_channels", "3"},
                                                     {"train_samples", "512"},
                                                     {"validation_samples", "100"},
                                                     {"test_samples", "500"},
                                                     {"batch_size", "32"}});
  std::erase_if(training, [](const auto& a) { return a.first == "hidden_widths"; });
  return training;
}

/// ImageNet's recipe of the paper: 100 epochs for each unit of the time multiplier.
Assignments imagenetTraining() {
  return {{"dataset", "imagenet"},
          {"model", "resnet-50"},
          {"epochs", "100"},
          {"batch_size", "128"},
          {"learning_rate", "0.1"},
          {"learning_rate_schedule", "step"},
          {"learning_rate_milestones", "30,60,90"},
          {"warmup_epochs", "5"},
          {"label_smoothing", "0.1"},
          {"momentum", "0.9"},
          {"nesterov", "false"},
          {"weight_decay", "0.0001"},
          {"weight_decay_on_norms", "false"},
          {"augmentation", "resized-crop-flip"},
          {"mask_history_mib", "64"}};
}

Result<FigureGrid> makeResnet34(const Figure& figure, FigureScale scale, int seeds) {
  const bool paper = scale == FigureScale::Paper;
  const std::string wait = paper ? "1500" : "2", longWait = paper ? "4000" : "4";
  const std::vector<AxisValue> series{{"set", itop("set", wait)}, {"rigl", itop("rigl", longWait)},
                                      {"static", Assignments{{"method", "static"}}}};
  const std::vector<AxisValue> epochs =
      paper ? std::vector<AxisValue>{"250", "1250"} : std::vector<AxisValue>{"1", "2"};
  auto grid = gridOf(figure, scale, seeds,
                     {.seeds = paper ? 3 : 1,
                      .training = paper ? cifarTraining("cifar100", "resnet-34") : smokeTraining("resnet-34", "8"),
                      .axes = {{"sparsity", {"0.98"}}, {"method", series}, {"epochs", epochs}}});
  if (!grid) return grid;
  const std::string longest = epochs.back().label, open = paper ? "" : kSmoke;
  for (const char* method : {"set", "rigl"})
    grid.value().contrasts.push_back({.name = std::string(method) + " matches dense at 98 % sparsity",
                                      .paper = "ResNet-34 at a fiftieth of its weights matches the dense network on "
                                               "CIFAR-100 when it explores for long enough.",
                                      .better = {{longest, method}},
                                      .worse = {{"", kDenseSeries}},
                                      .expectation = Expectation::NoWorse,
                                      .margin = 0.005,
                                      .whyOpen = open});
  return grid;
}

Result<FigureGrid> makeImagenet(const Figure& figure, FigureScale scale, int seeds) {
  const bool paper = scale == FigureScale::Paper;
  const std::string wait = paper ? "4000" : "4";
  auto grid = gridOf(figure, scale, seeds,
                     {.seeds = 1,
                      .training = paper ? imagenetTraining() : smokeTraining("wrn-22-2", "16"),
                      .axes = {{"sparsity", {"0.8", "0.9"}},
                               {"method", methodsAt({"rigl", "explore-first"}, wait)},
                               {"time_multiplier", {"1", "2"}}}});
  if (grid)
    grid.value().contrasts = {
        {.name = "longer training explores and learns more",
         .paper = "Published, top-1: ITOP 75.8 % (R_s .93) at 80 % and 73.8 % (.83) at 90 % sparsity; twice the time "
                  "76.9 % (.97) and 75.5 % (.89); RigL 75.1 % and 73.0 %; dense 76.8 %.",
         .better = {{"2", "rigl"}},
         .worse = {{"1", "rigl"}},
         .whyOpen = paper ? "" : kSmoke}};
  return grid;
}

}  // namespace

const Figure kResnet34Cifar100{"resnet34_cifar100",
                               "ResNet-34 on CIFAR-100 at 98 % sparsity",
                               "A deep network at a fiftieth of its weights, beside the dense one.",
                               "ITOP (Liu et al., ICML 2021), section 5",
                               "sparsity",
                               "method",
                               "epochs",
                               {FigureScale::Quick, FigureScale::Paper},
                               makeResnet34};

const Figure kImagenetTable{"imagenet_table",
                            "ResNet-50 on ImageNet at 80 % and 90 % sparsity",
                            "The published R_s of .93 and .83 fits growth by gradient (RigL); the paper's text "
                            "describes growth of never-active connections first. Both rows are here.",
                            "ITOP (Liu et al., ICML 2021), table of ImageNet",
                            "sparsity",
                            "method",
                            "time_multiplier",
                            {FigureScale::Quick, FigureScale::Paper},
                            makeImagenet};

}  // namespace lab
