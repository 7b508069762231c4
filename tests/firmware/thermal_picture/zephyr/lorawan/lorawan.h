/* As much of Zephyr's LoRaWAN as the example of firmware/thermal_picture/README.md uses. */
#include <stdint.h>

enum lorawan_message_type { LORAWAN_MSG_UNCONFIRMED, LORAWAN_MSG_CONFIRMED };

int lorawan_send(uint8_t port, uint8_t *data, uint8_t length, enum lorawan_message_type type);
void lorawan_get_payload_sizes(uint8_t *max_next_payload_size, uint8_t *max_payload_size);
