import CCairo

/// A place in pixels, from the upper left corner.
struct Point { var x, y: Double }

/// A rectangle in pixels, from the upper left corner.
package struct Rectangle: Equatable, Sendable {
  /// The left edge.
  package var x: Double
  /// The upper edge.
  package var y: Double
  /// The extent to the right.
  package var width: Double
  /// The extent downwards.
  package var height: Double

  /// The right edge.
  package var maxX: Double { x + width }
  /// The lower edge.
  package var maxY: Double { y + height }
}

/// Draws on a surface: the owner of a Cairo context.
///
/// Cairo keeps the first error and ignores what follows; ``finish()`` reports it.
final class Canvas {
  private let surface: any CanvasSurface
  private let context: OpaquePointer

  /// A white canvas.
  init(_ surface: any CanvasSurface) throws(PictureError) {
    self.surface = surface
    context = cairo_create(surface.handle)
    try Surface.check(cairo_status(context))
    fill(
      Rectangle(x: 0, y: 0, width: Double(surface.width), height: Double(surface.height)), .white)
  }

  deinit { cairo_destroy(context) }

  /// Checks that everything was drawn without error.
  func finish() throws(PictureError) {
    try Surface.check(cairo_status(context))
    try surface.check()
  }

  func fill(_ box: Rectangle, _ color: Color, opacity: Double = 1) {
    set(color, opacity)
    cairo_rectangle(context, box.x, box.y, box.width, box.height)
    cairo_fill(context)
  }

  /// A hairline box around the pixels of `box`.
  func outline(_ box: Rectangle, _ color: Color) {
    set(color)
    cairo_set_line_width(context, 1)
    cairo_rectangle(context, box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1)
    cairo_stroke(context)
  }

  func line(
    _ points: [Point], _ color: Color, width: Double = 1, dash: [Double] = [], opacity: Double = 1
  ) {
    guard let first = points.first else { return }
    set(color, opacity)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(context, dash, Int32(dash.count), 0)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
  }

  /// Fills what lies inside a closed line.
  func fill(_ corners: [Point], _ color: Color, opacity: Double) {
    guard let first = corners.first else { return }
    set(color, opacity)
    cairo_move_to(context, first.x, first.y)
    for corner in corners.dropFirst() { cairo_line_to(context, corner.x, corner.y) }
    cairo_close_path(context)
    cairo_fill(context)
  }

  func dot(_ center: Point, radius: Double, _ color: Color) {
    set(color)
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  /// Copies `picture` with its upper left corner at `corner`.
  func paint(_ picture: Surface, at corner: Point) {
    cairo_set_source_surface(context, picture.handle, corner.x, corner.y)
    cairo_rectangle(
      context, corner.x, corner.y, Double(picture.width), Double(picture.height))
    cairo_fill(context)
  }

  /// Draws only inside `box` while `body` runs.
  func clipped(to box: Rectangle, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, box.x, box.y, box.width, box.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  private func set(_ color: Color, _ opacity: Double = 1) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, opacity)
  }
}

// MARK: - Text

extension Canvas {
  /// Which part of a text stands at the given place.
  enum Anchor: Double { case start = 0, middle = 0.5, end = 1 }

  /// How a text looks.
  struct Style {
    var size = 13.0
    var bold = false
    var color = Color.ink
  }

  /// The width of a text in pixels.
  func width(of text: String, _ style: Style = Style()) -> Double {
    extents(text, style).x_advance
  }

  /// Writes a text whose letters stand around the height `at.y`.
  func text(
    _ text: String, at place: Point, _ anchor: Anchor = .middle, _ style: Style = Style(),
    turned: Bool = false
  ) {
    let width = extents(text, style).x_advance
    set(style.color)
    cairo_save(context)
    cairo_translate(context, place.x, place.y)
    if turned { cairo_rotate(context, -.pi / 2) }
    // Capitals are about seven tenths of the size high.
    cairo_move_to(context, -width * anchor.rawValue, 0.36 * style.size)
    cairo_show_text(context, Self.printable(text))
    cairo_restore(context)
  }

  private func extents(_ text: String, _ style: Style) -> cairo_text_extents_t {
    cairo_select_font_face(
      context, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(context, style.size)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, Self.printable(text), &extents)
    return extents
  }

  /// Control characters, which C strings and fonts cannot show, replaced.
  private static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
