#include "parameters/parameter_table.h"

#include "parameters/choices.h"

namespace lab {

namespace {

constexpr double kMany = 1e9;

Parameter choice(std::string_view key, std::string_view label, std::string_view help, Group group,
                 std::string Config::*member, std::vector<std::string> (*choices)()) {
  Parameter row{key, label, "", help, group, member};
  row.choices = choices;
  return row;
}

Parameter number(std::string_view key, std::string_view label, std::string_view unit, std::string_view help,
                 Group group, Member member, double minimum, double maximum) {
  Parameter row{key, label, unit, help, group, member};
  row.minimum = minimum;
  row.maximum = maximum;
  return row;
}

Parameter with(Parameter row, TakesEffect takesEffect) {
  row.takesEffect = takesEffect;
  return row;
}

Parameter logarithmic(Parameter row) {
  row.scale = Scale::Logarithmic;
  return row;
}

Parameter aboveMinimum(Parameter row) {
  row.minimumExclusive = true;
  return row;
}

Parameter belowMaximum(Parameter row) {
  row.maximumExclusive = true;
  return row;
}

Parameter notInHash(Parameter row) {
  row.affectsResults = false;
  return row;
}

std::vector<Parameter> makeTable() {
  using enum Group;
  using enum TakesEffect;
  return {
      choice("dataset", "Data set", "The images to learn. The last 5,000 training images are the validation set.",
             DataAndModel, &Config::dataset, choices::dataset),
      choice("model", "Model", "The network. Every Linear and convolution weight is maskable, biases are not.",
             DataAndModel, &Config::model, choices::model),
      Parameter{"hidden_widths", "Hidden widths", "units",
                "Widths of the hidden layers of model mlp, separated by commas.", DataAndModel,
                &Config::hidden_widths},

      belowMaximum(number("sparsity", "Sparsity", "",
                          "Fraction of the maskable weights that is zero at any time: 1 - density.", Sparsity,
                          &Config::sparsity, 0, 1)),
      choice(
          "distribution", "Distribution",
          "How the weights are shared out over the layers. erk: density of a layer ∝ Σ shape / Π shape "
          "(Evci et al. 2020); er: the same without the kernel; uniform: every layer alike; uniform-plus: first "
          "convolution dense.",
          Sparsity, &Config::distribution, choices::distribution),
      choice("initialization", "Initialization",
             "sparse-fan-in: N(0, 2 / fan-in) with the fan-in that a unit of the sparse layer really has. "
             "dense-fan-in: for the dense layer, then masked, as the published code does; much weaker at high "
             "sparsity.",
             Sparsity, &Config::initialization, choices::initialization),

      choice("method", "Method", "How connections are dropped and grown.", Exploration, &Config::method,
             choices::method),
      logarithmic(
          with(number("update_interval", "Update interval ΔT", "steps",
                      "Optimizer steps between topology updates. Shorter raises R_s; too short and weights "
                      "are dropped before they could prove themselves.",
                      Exploration, &Config::update_interval, 1, 1e6),
               NextUpdate)),
      with(number("prune_rate", "Prune rate ζ", "",
                  "Fraction of the active weights that an update drops, at the start of the schedule.",
                  Exploration, &Config::prune_rate, 0, 1),
           NextUpdate),
      choice("prune_schedule", "Prune schedule", "How the prune rate falls over training.", Exploration,
             &Config::prune_schedule, choices::pruneSchedule),
      number("prune_rate_floor", "Prune-rate floor", "", "The prune rate at the end of the schedule.", Exploration,
             &Config::prune_rate_floor, 0, 1),
      aboveMinimum(number("update_end", "Last update", "of training",
                          "Fraction of training after which the topology stays as it is.", Exploration,
                          &Config::update_end, 0, 1)),
      choice("drop", "Drop rule", "Which active weights an update drops; auto: the method's rule.", Exploration,
             &Config::drop, choices::drop),
      choice("grow", "Grow rule", "Which inactive positions an update grows; auto: the method's rule.",
             Exploration, &Config::grow, choices::grow),
      choice("update_order", "Update order",
             "itop: the update follows the optimizer step. rigl: it replaces it (TF RigL).", Exploration,
             &Config::update_order, choices::updateOrder),
      Parameter{
          "regrow_dropped", "Regrow dropped", "",
          "Whether a position dropped by an update may be grown by the same update. Its life ends all the same.",
          Exploration, &Config::regrow_dropped},
      logarithmic(notInHash(
          number("reliable_steps", "Reliable after", "steps",
                 "A weight counts as reliably explored once it has lived this many optimizer steps without a "
                 "break: the k of R_rel(k). About 3 to 30 explains accuracy best on Fashion-MNIST.",
                 Exploration, &Config::reliable_steps, 0, 1e6))),

      logarithmic(with(number("batch_size", "Batch size", "images",
                              "Images an optimizer step. Smaller means more steps an epoch, so more updates.",
                              Training, &Config::batch_size, 1, 65536),
                       NextEpoch)),
      logarithmic(number("epochs", "Epochs", "", "Passes over the training images.", Training, &Config::epochs, 1,
                         100000)),
      aboveMinimum(number("time_multiplier", "Time multiplier", "×",
                          "Factor on the epochs; all schedules stretch with it (the paper's extended training).",
                          Training, &Config::time_multiplier, 0, 1000)),
      logarithmic(with(aboveMinimum(number("learning_rate", "Learning rate", "", "Of SGD, before its schedule.",
                                           Training, &Config::learning_rate, 0, kMany)),
                       NextUpdate)),
      choice("learning_rate_schedule", "Learning-rate schedule",
             "step: × 0.1 after ⌊E/2⌋ and ⌊3E/4⌋ epochs; cosine: to zero; constant.", Training,
             &Config::learning_rate_schedule, choices::learningRateSchedule),
      belowMaximum(number("momentum", "Momentum", "", "Of SGD. Inactive weights have none.", Training,
                          &Config::momentum, 0, 1)),
      Parameter{"nesterov", "Nesterov", "", "Whether the momentum looks ahead.", Training, &Config::nesterov},
      number("weight_decay", "Weight decay", "", "L2 penalty on weights and biases, in the gradient.", Training,
             &Config::weight_decay, 0, 10),
      number("seed", "Seed", "", "All randomness is a function of it.", Training, &Config::seed, 0, 9e15),
      aboveMinimum(number("evaluate_every", "Evaluate every", "epochs",
                          "How often validation and test accuracy are measured; always at the end.", Training,
                          &Config::evaluate_every, 0, 100000)),
      notInHash(number("report_every", "Report every", "steps", "How often a row of metrics is written.", Training,
                       &Config::report_every, 1, kMany)),

      choice("engine", "Engine",
             "auto: the first that takes the network. sparse: no zero stored or multiplied (perceptrons). masked: "
             "LibTorch, sparsity simulated by masks.",
             Engine, &Config::engine, choices::engine),
      notInHash(
          number("threads", "Threads", "", "Of one run. Sweeps use one a run.", Engine, &Config::threads, 1, 256)),
      notInHash(Parameter{"data_root", "Data folder", "",
                          "Where data sets are looked for first; empty: the usual places.", Engine,
                          &Config::data_root}),
      notInHash(number("mask_history_mib", "Mask history", "MiB",
                       "Budget of the recorded mask history of a run; beyond it neighbouring updates are merged.",
                       Engine, &Config::mask_history_mib, 0, 1e6)),
  };
}

const std::vector<Parameter>& table() {
  static const std::vector<Parameter> rows = makeTable();
  return rows;
}

}  // namespace

std::string_view title(Group group) {
  switch (group) {
    case Group::DataAndModel:
      return "Data and model";
    case Group::Sparsity:
      return "Sparsity";
    case Group::Exploration:
      return "Exploration";
    case Group::Training:
      return "Training";
    case Group::Engine:
      return "Engine";
  }
  return {};
}

std::span<const Parameter> parameters() { return table(); }

}  // namespace lab
