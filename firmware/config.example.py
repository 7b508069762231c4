"""Copy this to config.py and fill it in. It stays on the board."""

WIFI_NAME = ""
WIFI_PASSWORD = ""

# The MQTT broker: its address, and the login it knows this board by (empty for none).
BROKER = ""
BROKER_PORT = 1883
BROKER_USER = ""
BROKER_PASSWORD = ""

# What your network puts before every topic, such as "user/"; as in Home Assistant.
TOPIC_PREFIX = ""

# Topics that end in the board's MAC, instead of those all boards share. With them the
# broker can keep this login from speaking as another board.
OWN_TOPICS = False

# Pins, as the ESP32 numbers them (GPIO). These need nothing soldered on most development
# boards but the photoresistor: their LED is at 2, their BOOT button at 0.
LED_PIN = 2
LED_ON = 1  # 0 if the LED is between the pin and 3.3 V
BUTTON_PIN = 0
LIGHT_PIN = 34  # one of 32 to 39: the others cannot measure while Wi-Fi is on

# Readings of the photoresistor's pin, 0 to 65535, in the dark and in bright light.
LIGHT_DARK = 65535
LIGHT_BRIGHT = 0
