/* As much of Zephyr's kernel as the example of firmware/thermal_picture/README.md uses. */
#include <stddef.h>
#include <stdint.h>

#define K_SECONDS(seconds) (seconds)

int32_t k_sleep(int seconds);
