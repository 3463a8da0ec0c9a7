/// What becomes of a model's characters when it is trained further on other data.
public enum AlphabetPolicy: String, CaseIterable, Sendable {
  /// They stay; samples with other characters are left out.
  case keep
  /// They stay, and those of the data that the model lacks come behind them.
  case union
  /// Those of the data take their place; what the model knows of characters in both is kept.
  case new
}
