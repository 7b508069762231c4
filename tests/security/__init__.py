"""What strangers may try: whoever reaches the broker, the network server, or Home Assistant's port."""
