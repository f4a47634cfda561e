# Read by llama.cpp's own CMakeLists.txt (CMAKE_PROJECT_llama.cpp_INCLUDE): its "common" library
# serves its command-line programs, which the hub does not use. Leaving it out, and the vision
# library with -DLLAVA_BUILD=OFF, cuts the build from 426 to 152 CPU seconds.
set(LLAMA_BUILD_COMMON OFF)
