# How our own code is compiled: warnings are errors, sanitizers on request.

add_library(lab_warnings INTERFACE)
target_compile_options(lab_warnings INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion;-Wnon-virtual-dtor;\
-Woverloaded-virtual;-Werror>"
  # GCC's pedantry about line markers is for nvcc's intermediate files.
  "$<$<COMPILE_LANGUAGE:CUDA>:-Werror=all-warnings;-Xcompiler=-Wall,-Wextra,-Werror>")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlapping copies in "literal" + std::string (GCC bug 105651).
  target_compile_options(lab_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(LAB_SANITIZE)
  target_compile_options(lab_warnings INTERFACE -fsanitize=${LAB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(lab_warnings INTERFACE -fsanitize=${LAB_SANITIZE})
endif()

# lab_library(NAME sources...): a static library of one room.
function(lab_library name)
  add_library(${name} STATIC ${ARGN})
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:lab_warnings>)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD ${LAB_UNITY}
                                           UNITY_BUILD_BATCH_SIZE 8)
  if(LAB_UNITY)  # then even a source file's own types seem to come from a header
    target_compile_options(${name} PRIVATE
      $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-subobject-linkage>)
  endif()
endfunction()

# lab_alone(files...): compiled one by one, because they give the same names to their own things.
function(lab_alone)
  file(GLOB files ${ARGN})
  set_source_files_properties(${files} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# lab_program(NAME sources...)
function(lab_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:lab_warnings>)
endfunction()
