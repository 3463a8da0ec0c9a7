print("scribe")
