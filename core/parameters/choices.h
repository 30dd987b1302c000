#pragma once
// The values of parameters with a closed set of them. They come from the tables of the rooms that own the things
// named, so that adding a row there is all it takes. In this room only choices.cpp, config_builder.cpp (a method's
// own defaults), config_hash.cpp (what a network's file describes), config_idle.cpp and config_validate.cpp (what the
// values mean together) look into later rooms.

#include <string>
#include <vector>

namespace lab::choices {

std::vector<std::string> dataset();
std::vector<std::string> imageFit();
std::vector<std::string> imageChannels();
std::vector<std::string> augmentation();
std::vector<std::string> augmentationPadding();
std::vector<std::string> model();
std::vector<std::string> distribution();
std::vector<std::string> initialization();
std::vector<std::string> method();
std::vector<std::string> pruneSchedule();
std::vector<std::string> drop();
std::vector<std::string> grow();
std::vector<std::string> updateOrder();
std::vector<std::string> redistribution();
std::vector<std::string> pruningScope();
std::vector<std::string> initialMask();
std::vector<std::string> semantics();
std::vector<std::string> learningRateSchedule();
std::vector<std::string> optimizer();
std::vector<std::string> engine();
std::vector<std::string> precision();

}  // namespace lab::choices
