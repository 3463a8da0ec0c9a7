/// The 25 values that describe a point of a stroke, in their order.
///
/// The set of Liwicki and Bunke 2006, which Graves et al. 2009 ("A Novel Connectionist System for
/// Unconstrained Handwriting Recognition") give to their network. Angles and *y* grow upwards and to
/// the left-hand turn, lengths are in core heights, and all values are of the order of 1.
public enum StrokeFeature: Int, Sendable, CaseIterable {
  /// 1 on the paper, 0 in the air. Without points in the air, 0 marks the last of a stroke.
  case penDown
  /// 1 where a delayed stroke was taken out above or below, else 0.
  case hat
  /// Speed over the mean speed of the recording, at most 4; 0 without times and in the air.
  case speed
  /// *x* less its mean over the neighbouring points, in core heights.
  case x
  /// Upwards from the middle of the core, in core heights: ±0.5 are its edges.
  case y
  /// Cosine of the direction to the next point; 0 where the pen rests.
  case directionCosine
  /// Sine of the direction to the next point, upwards positive; 0 where the pen rests.
  case directionSine
  /// Cosine of the turn at the point; 1 is straight on.
  case curvatureCosine
  /// Sine of the turn at the point; positive to the left.
  case curvatureSine
  /// (height − width) / (height + width) of the vicinity, −1...1.
  case vicinityAspect
  /// Cosine of the chord from the first to the last point of the vicinity.
  case vicinitySlopeCosine
  /// Sine of that chord, upwards positive.
  case vicinitySlopeSine
  /// Length of the way over the longer side of its rectangle, less 1, 0...3; a straight level way has 0.
  case vicinityCurliness
  /// Mean squared distance from the chord, times 16 over the squared length of the way; a straight
  /// way has 0, half a circle about 0.8.
  case vicinityLinearity
  /// Ink above the core near this *x*: its length over twice the core height, at most 4.
  case above
  /// Ink below the core near this *x*: its length over twice the core height, at most 4.
  case below
  /// The length of ink in the square up and left of the point, over the square's side, at most 4.
  case contextUpLeft
  /// As above for the square over the point.
  case contextUp
  /// As above for the square up and right of the point.
  case contextUpRight
  /// As above for the square left of the point.
  case contextLeft
  /// As above for the square around the point.
  case contextCentre
  /// As above for the square right of the point.
  case contextRight
  /// As above for the square down and left of the point.
  case contextDownLeft
  /// As above for the square under the point.
  case contextDown
  /// As above for the square down and right of the point.
  case contextDownRight
}
