//! Colours by role, never by place.
//!
//! Four palettes (dark, light, high contrast, mono) in three depths. Colours come on top of the terminal's own background.
//! Hue never carries meaning alone: every layer has a tag, every mark a shape, so `mono` shows the same things with
//! attributes only. `NO_COLOR` is honoured here, in the theme, and not by crossterm, which would lose bold and reverse too.

use ratatui::style::{Color, Modifier, Style};

use crate::picture::Layer;

/// Which palette is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// White and black and a few strong colours.
    Contrast,
    /// Attributes only.
    Mono,
}

impl Palette {
    /// The next palette in the ring that `Ctrl-t` walks.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Contrast,
            Self::Contrast => Self::Mono,
            Self::Mono => Self::Dark,
        }
    }

    /// The name taken by `--theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "high-contrast",
            Self::Mono => "mono",
        }
    }

    /// The palette of a name taken by `--theme`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Dark, Self::Light, Self::Contrast, Self::Mono].into_iter().find(|palette| palette.name() == name)
    }
}

/// How many colours the terminal is told to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Indices into the 256-colour table: the default, which every terminal and multiplexer passes on.
    Indexed,
    /// 24-bit colours, only where `COLORTERM` promises them.
    True,
}

/// The styles of every role.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// The palette that this theme was made from.
    pub palette: Palette,
    /// The depth that this theme was made for.
    pub depth: Depth,
    /// Ordinary text.
    pub text: Style,
    /// Text that stands back.
    pub dim: Style,
    /// Borders and rules: decoration only.
    pub rule: Style,
    /// Text that stands out without meaning.
    pub strong: Style,
    /// The border and title of the focused pane.
    pub focus: Style,
    /// What this step changed: always with a `*` as well.
    pub changed: Style,
    /// The line that runs.
    pub running: Style,
    /// The selected row or cell.
    pub selected: Style,
    /// A good verdict (`✓` stands beside it).
    pub good: Style,
    /// A bad verdict (`✗` stands beside it).
    pub bad: Style,
    /// A key that can be pressed, in hints.
    pub key: Style,
    layers: [Color; 9],
}

/// One colour in both depths.
type Pair = (u8, u32);

/// text, dim, rule, changed, running line (background), good, bad, then the layers USER TRAP BSD INET TCP IP ARP DEV WIRE.
type Colours = [Pair; 16];

const DARK: Colours = [
    (254, 0x00db_e2ea),
    (103, 0x008b_98a8),
    (239, 0x003a_4654),
    (221, 0x00ff_d75f),
    (236, 0x0022_2b36),
    (114, 0x0087_d787),
    (210, 0x00ff_8787),
    (252, 0x00c9_d1d9),
    (175, 0x00cc_79a7),
    (178, 0x00e6_9f00),
    (221, 0x00f0_e442),
    (74, 0x0056_b4e9),
    (36, 0x002f_b893),
    (209, 0x00ff_8a5c),
    (111, 0x009a_a7ff),
    (103, 0x008b_98a8),
];

const LIGHT: Colours = [
    (234, 0x001c_232b),
    (59, 0x005b_6673),
    (250, 0x00b8_bec6),
    (94, 0x007a_4f00),
    (254, 0x00e9_e6dc),
    (22, 0x0000_5f2f),
    (124, 0x00a0_1818),
    (238, 0x003b_4650),
    (126, 0x009b_3f72),
    (94, 0x008a_5a00),
    (58, 0x006f_6400),
    (25, 0x0000_66a6),
    (23, 0x0000_704f),
    (88, 0x00b0_3a00),
    (61, 0x0044_50b8),
    (59, 0x005b_6673),
];

const CONTRAST: Colours = [
    (231, 0x00ff_ffff),
    (252, 0x00d0_d0d0),
    (231, 0x00ff_ffff),
    (226, 0x00ff_ff00),
    (18, 0x0000_0087),
    (46, 0x0000_ff00),
    (217, 0x00ff_afaf),
    (231, 0x00ff_ffff),
    (219, 0x00ff_afff),
    (220, 0x00ff_d700),
    (228, 0x00ff_ff87),
    (123, 0x0087_ffff),
    (122, 0x0087_ffd7),
    (223, 0x00ff_d7af),
    (189, 0x00d7_d7ff),
    (252, 0x00d0_d0d0),
];

impl Theme {
    /// The theme of a palette in a depth.
    #[must_use]
    pub fn new(palette: Palette, depth: Depth) -> Self {
        match palette {
            Palette::Dark => Self::coloured(palette, depth, &DARK),
            Palette::Light => Self::coloured(palette, depth, &LIGHT),
            Palette::Contrast => Self::coloured(palette, depth, &CONTRAST),
            Palette::Mono => Self::mono(depth),
        }
    }

    /// The theme that the environment asks for: `NO_COLOR`, `COLORTERM`, and `COLORFGBG` for a light background.
    #[must_use]
    pub fn from_environment() -> Self {
        let value = |name: &str| std::env::var(name).unwrap_or_default();
        let depth = match value("COLORTERM").as_str() {
            "truecolor" | "24bit" => Depth::True,
            _ => Depth::Indexed,
        };
        let light = matches!(value("COLORFGBG").rsplit(';').next(), Some("7" | "15"));
        let palette = match (!value("NO_COLOR").is_empty(), light) {
            (true, _) => Palette::Mono,
            (false, true) => Palette::Light,
            (false, false) => Palette::Dark,
        };
        Self::new(palette, depth)
    }

    /// The style of a layer's tag and of everything that belongs to it.
    #[must_use]
    pub fn layer(&self, layer: Layer) -> Style {
        let color = self.layers.get(hue(layer)).copied().unwrap_or(Color::Reset);
        Style::new().fg(color)
    }

    fn coloured(palette: Palette, depth: Depth, colours: &Colours) -> Self {
        let color = |index: usize| {
            let (indexed, rgb) = colours.get(index).copied().unwrap_or((7, 0));
            match depth {
                Depth::Indexed => Color::Indexed(indexed),
                Depth::True => {
                    let [_, red, green, blue] = rgb.to_be_bytes();
                    Color::Rgb(red, green, blue)
                }
            }
        };
        let on = |index: usize| Style::new().fg(color(index));
        Self {
            palette,
            depth,
            text: on(0),
            dim: on(1),
            rule: on(2),
            strong: on(0).add_modifier(Modifier::BOLD),
            focus: on(0).add_modifier(Modifier::BOLD),
            changed: on(3).add_modifier(Modifier::BOLD),
            running: Style::new().bg(color(4)).add_modifier(Modifier::BOLD),
            selected: Style::new().add_modifier(Modifier::REVERSED),
            good: on(5),
            bad: on(6),
            key: on(0).add_modifier(Modifier::BOLD),
            layers: std::array::from_fn(|index| color(index + 7)),
        }
    }

    fn mono(depth: Depth) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            palette: Palette::Mono,
            depth,
            text: plain,
            dim: plain.add_modifier(Modifier::DIM),
            rule: plain,
            strong: bold,
            focus: bold,
            changed: bold.add_modifier(Modifier::UNDERLINED),
            running: bold.add_modifier(Modifier::REVERSED),
            selected: plain.add_modifier(Modifier::REVERSED),
            good: plain,
            bad: bold,
            key: bold,
            layers: [Color::Reset; 9],
        }
    }
}

/// The place of a layer's hue in a theme; layers of one height share one.
fn hue(layer: Layer) -> usize {
    match layer {
        Layer::User => 0,
        Layer::Trap | Layer::Sched => 1,
        Layer::Bsd => 2,
        Layer::Inet => 3,
        Layer::Tcp | Layer::Udp => 4,
        Layer::Ip | Layer::Icmp => 5,
        Layer::Arp => 6,
        Layer::Dev | Layer::Driver => 7,
        Layer::Wire => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(rgb: u32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [_, red, green, blue] = rgb.to_be_bytes();
        0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
    }

    fn contrast(one: u32, other: u32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn of_index(index: u8) -> u32 {
        let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * u32::from(step) };
        if index >= 232 {
            let grey = 8 + 10 * u32::from(index - 232);
            return grey << 16 | grey << 8 | grey;
        }
        let cube = index - 16;
        level(cube / 36) << 16 | level(cube / 6 % 6) << 8 | level(cube % 6)
    }

    #[test]
    fn every_text_colour_can_be_read_on_its_background_and_on_the_running_line() {
        for (colours, ground) in [(DARK, 0x000f_141b), (LIGHT, 0x00fb_f9f4), (CONTRAST, 0)] {
            for (role, (indexed, rgb)) in colours.iter().enumerate() {
                if role == 2 || role == 4 {
                    continue;
                }
                for (colour, running) in [(*rgb, colours[4].1), (of_index(*indexed), of_index(colours[4].0))] {
                    assert!(contrast(colour, ground) >= 4.5, "role {role}: {colour:06x} on {ground:06x}");
                    let lit = contrast(colour, running);
                    assert!(lit >= 3.8, "role {role}: {colour:06x} on the running line {running:06x}: {lit:.2}");
                }
            }
        }
    }

    #[test]
    fn mono_has_no_colour_at_all() {
        let theme = Theme::new(Palette::Mono, Depth::True);
        for style in [theme.text, theme.dim, theme.changed, theme.running, theme.selected, theme.bad] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_eq!(theme.layer(Layer::Tcp).fg, Some(Color::Reset));
        assert!(theme.changed.add_modifier.contains(Modifier::BOLD));
    }
}
