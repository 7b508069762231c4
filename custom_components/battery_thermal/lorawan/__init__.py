"""The LoRaWAN side: the network server, and the share of the air that is ours."""
