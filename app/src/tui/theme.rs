//! Colours by role, never by place.
//!
//! Four palettes (dark, light, high contrast, mono) in three depths. A dark theme comes on top of the terminal's own background, the
//! others paint their ground. The user's file may give every role another colour ([`Palettes::set`]).
//! Hue never carries meaning alone: every layer has a tag, every mark a shape, so `mono` shows the same things with
//! attributes only. `NO_COLOR` is honoured here, in the theme, and not by crossterm, which would lose bold and reverse too.

use std::sync::Arc;

use ratatui::style::{Color, Modifier, Style};

use crate::config::{ColourSetting, Colours, Complaint};
use crate::picture::Layer;
use crate::refusal::harmless;

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
    /// The sixteen of the terminal's own table, where it promises no more.
    Sixteen,
    /// Indices into the 256-colour table, which nearly every terminal and multiplexer passes on.
    Indexed,
    /// 24-bit colours, only where `COLORTERM` or the terminal's name promises them.
    True,
}

impl Depth {
    /// What `COLORTERM` and `TERM` promise of standard output; where that is no terminal, 256.
    #[must_use]
    pub fn of_terminal() -> Self {
        match supports_color::on(supports_color::Stream::Stdout) {
            Some(level) if level.has_16m => Self::True,
            Some(level) if level.has_basic && !level.has_256 => Self::Sixteen,
            Some(_) | None => Self::Indexed,
        }
    }
}

impl From<Colours> for Depth {
    fn from(colours: Colours) -> Self {
        match colours {
            Colours::Sixteen => Self::Sixteen,
            Colours::Indexed => Self::Indexed,
            Colours::True => Self::True,
        }
    }
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
    /// The ground of the screen and the text on it, where the theme paints its ground ([`Theme::paints`]).
    pub ground: Style,
    layers: [Color; 9],
}

/// One colour in each depth: its place among the sixteen, its place among the 256, and 0xRRGGBB.
type Shade = (u8, u8, u32);

/// The roles of colours, by the names that a configuration gives them: text, what stands back, rules, what changed, the ground of
/// the running line, good, bad, the layers, and the ground of the whole screen.
pub const ROLES: [&str; 17] = [
    "text", "dim", "rule", "changed", "running", "good", "bad", "user", "trap", "bsd", "inet", "tcp", "ip", "arp",
    "dev", "wire", "ground",
];

/// A shade for each of the [`ROLES`].
type Shades = [Shade; ROLES.len()];

const RULE: usize = 2;
const RUNNING: usize = 4;
const GROUND: usize = 16;

const DARK: Shades = [
    (15, 254, 0x00e4_e4e4),
    (7, 103, 0x008b_98a8),
    (8, 239, 0x003a_4654),
    (11, 221, 0x00ff_d75f),
    (0, 236, 0x0022_2b36),
    (10, 114, 0x0087_d787),
    (9, 210, 0x00ff_8787),
    (13, 252, 0x00c9_d1d9),
    (3, 175, 0x00cc_79a7),
    (11, 178, 0x00e6_9f00),
    (14, 221, 0x00f0_e442),
    (10, 74, 0x0056_b4e9),
    (9, 36, 0x002f_b893),
    (6, 209, 0x00ff_8a5c),
    (15, 111, 0x009a_a7ff),
    (7, 103, 0x008b_98a8),
    (0, 233, 0x000f_141b),
];

const LIGHT: Shades = [
    (0, 234, 0x001c_1c1c),
    (0, 59, 0x005b_6673),
    (8, 250, 0x00b8_bec6),
    (5, 94, 0x007a_4f00),
    (15, 254, 0x00e9_e6dc),
    (4, 22, 0x0000_5f2f),
    (1, 124, 0x00a0_1818),
    (5, 238, 0x003b_4650),
    (1, 126, 0x009b_3f72),
    (0, 94, 0x008a_5a00),
    (4, 58, 0x006f_6400),
    (0, 25, 0x0000_66a6),
    (1, 23, 0x0000_704f),
    (5, 88, 0x00b0_3a00),
    (4, 61, 0x0044_50b8),
    (0, 59, 0x005b_6673),
    (15, 231, 0x00fb_f9f4),
];

const CONTRAST: Shades = [
    (15, 231, 0x00ff_ffff),
    (7, 252, 0x00d0_d0d0),
    (15, 231, 0x00ff_ffff),
    (11, 226, 0x00ff_ff00),
    (0, 18, 0x0000_0087),
    (10, 46, 0x0000_ff00),
    (9, 217, 0x00ff_afaf),
    (13, 231, 0x00ff_ffff),
    (11, 219, 0x00ff_afff),
    (11, 220, 0x00ff_d700),
    (14, 228, 0x00ff_ff87),
    (14, 123, 0x0087_ffff),
    (15, 122, 0x0087_ffd7),
    (10, 223, 0x00ff_d7af),
    (15, 189, 0x00d7_d7ff),
    (7, 252, 0x00d0_d0d0),
    (0, 16, 0x0000_0000),
];

/// The colours of every theme that has any, as they are at present: ours, changed by what the user has set. A clone costs nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Palettes(Arc<[Shades; 3]>);

impl Default for Palettes {
    fn default() -> Self {
        Self(Arc::new([DARK, LIGHT, CONTRAST]))
    }
}

impl Palettes {
    /// The themes whose colours can be set.
    pub const COLOURED: [Palette; 3] = [Palette::Dark, Palette::Light, Palette::Contrast];

    /// The theme of a palette in a depth.
    #[must_use]
    pub fn theme(&self, palette: Palette, depth: Depth) -> Theme {
        self.shades(palette).map_or_else(|| Theme::mono(depth), |shades| Theme::coloured(palette, depth, shades))
    }

    /// The roles of a palette with their colours; none for the one that has no colours.
    pub fn roles(&self, palette: Palette) -> impl Iterator<Item = (&'static str, Shade)> {
        ROLES.into_iter().zip(self.shades(palette).into_iter().flatten().copied())
    }

    fn shades(&self, palette: Palette) -> Option<&Shades> {
        Self::COLOURED.iter().position(|coloured| *coloured == palette).and_then(|place| self.0.get(place))
    }

    /// Gives roles other colours. A colour that cannot be read on its ground is taken, for it was asked for, and complained of.
    pub fn set(&mut self, settings: &[ColourSetting], complaints: &mut Vec<Complaint>) {
        let palettes = Arc::make_mut(&mut self.0);
        let place = |setting: &ColourSetting| {
            let palette = Self::COLOURED.iter().position(|palette| palette.name() == setting.theme)?;
            Some((palette, ROLES.iter().position(|role| *role == setting.role)?))
        };
        for setting in settings {
            let Some((palette, role)) = place(setting) else { continue };
            let (indexed, sixteen) = setting.places.unwrap_or_else(|| nearest(setting.rgb));
            if let Some(shade) = palettes.get_mut(palette).and_then(|shades| shades.get_mut(role)) {
                *shade = (sixteen, indexed, setting.rgb);
            }
        }
        for setting in settings {
            let Some((palette, role)) = place(setting) else { continue };
            let Some(shades) = palettes.get(palette).filter(|_| ![RULE, RUNNING, GROUND].contains(&role)) else {
                continue;
            };
            let ratio = contrast(setting.rgb, shades[GROUND].2);
            if ratio < READABLE {
                complaints.push(hard_to_read(setting, ratio));
            }
        }
    }
}

/// The contrast from which text can be read (WCAG 2, level AA).
const READABLE: f64 = 4.5;

fn hard_to_read(setting: &ColourSetting, ratio: f64) -> Complaint {
    let (role, theme) = (harmless(&setting.role), harmless(&setting.theme));
    Complaint::new(
        setting.line,
        format!(
            "\"{role}\" has a contrast of {ratio:.1} on the ground of \"{theme}\"; below {READABLE} text is hard to read."
        ),
        format!("“{role}”在“{theme}”的底色上对比度只有 {ratio:.1}；低于 {READABLE} 的文字难以辨认。"),
    )
}

/// The places among the 256 and the sixteen whose colours are nearest.
fn nearest(rgb: u32) -> (u8, u8) {
    let distance = |other: u32| {
        let channel = |shift: u32| i64::from(rgb >> shift & 0xff) - i64::from(other >> shift & 0xff);
        [16, 8, 0].into_iter().map(|shift| channel(shift).pow(2)).sum::<i64>()
    };
    let best = |range: std::ops::RangeInclusive<u8>| range.min_by_key(|index| distance(of_index(*index))).unwrap_or(7);
    (best(16..=255), best(0..=15))
}

/// The colour at a place in the table of 256, as xterm has it.
fn of_index(index: u8) -> u32 {
    const SIXTEEN: [u32; 16] = [
        0x0000_0000,
        0x00cd_0000,
        0x0000_cd00,
        0x00cd_cd00,
        0x0000_00ee,
        0x00cd_00cd,
        0x0000_cdcd,
        0x00e5_e5e5,
        0x007f_7f7f,
        0x00ff_0000,
        0x0000_ff00,
        0x00ff_ff00,
        0x005c_5cff,
        0x00ff_00ff,
        0x0000_ffff,
        0x00ff_ffff,
    ];
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * u32::from(step) };
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let cube = index - 16;
            level(cube / 36) << 16 | level(cube / 6 % 6) << 8 | level(cube % 6)
        }
        232.. => (8 + 10 * u32::from(index - 232)) * 0x0001_0101,
    }
}

/// The ratio of the lights of two colours, from 1 to 21 (WCAG 2).
fn contrast(one: u32, other: u32) -> f64 {
    let luminance = |rgb: u32| {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [_, red, green, blue] = rgb.to_be_bytes();
        0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

impl Theme {
    /// The theme of a palette in a depth.
    #[must_use]
    pub fn new(palette: Palette, depth: Depth) -> Self {
        Palettes::default().theme(palette, depth)
    }

    /// The theme that the environment asks for: `NO_COLOR`, `COLORTERM` and `TERM`, and `COLORFGBG` for a light background.
    #[must_use]
    pub fn from_environment() -> Self {
        let value = |name: &str| std::env::var(name).unwrap_or_default();
        let depth = Depth::of_terminal();
        let light = matches!(value("COLORFGBG").rsplit(';').next(), Some("7" | "15"));
        let palette = match (!value("NO_COLOR").is_empty(), light) {
            (true, _) => Palette::Mono,
            (false, true) => Palette::Light,
            (false, false) => Palette::Dark,
        };
        Self::new(palette, depth)
    }

    /// Whether the ground is painted: always for a light theme and for high contrast, which must not depend on the terminal's
    /// own; for a dark one where the terminal has said that it is light; never where there are no colours.
    #[must_use]
    pub fn paints(&self, terminal_is_light: Option<bool>) -> bool {
        match self.palette {
            Palette::Light | Palette::Contrast => true,
            Palette::Dark => terminal_is_light == Some(true),
            Palette::Mono => false,
        }
    }

    /// The style of a layer's tag and of everything that belongs to it.
    #[must_use]
    pub fn layer(&self, layer: Layer) -> Style {
        let color = self.layers.get(hue(layer)).copied().unwrap_or(Color::Reset);
        Style::new().fg(color)
    }

    fn coloured(palette: Palette, depth: Depth, shades: &Shades) -> Self {
        let color = |index: usize| {
            let (sixteen, indexed, rgb) = shades.get(index).copied().unwrap_or((7, 7, 0));
            match depth {
                Depth::Sixteen => Color::Indexed(sixteen),
                // The same colour by its place takes half the bytes, and nobody moves those places.
                Depth::True if indexed >= 16 && of_index(indexed) == rgb => Color::Indexed(indexed),
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
            running: match depth {
                // No ground among the sixteen lets the colours of all layers be read.
                Depth::Sixteen => Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED),
                Depth::Indexed | Depth::True => Style::new().bg(color(RUNNING)).add_modifier(Modifier::BOLD),
            },
            selected: on(0).add_modifier(Modifier::REVERSED),
            good: on(5),
            bad: on(6),
            key: on(0).add_modifier(Modifier::BOLD),
            ground: on(0).bg(color(GROUND)),
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
            ground: plain,
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

    #[test]
    fn every_text_colour_can_be_read_on_its_ground_and_on_the_running_line() {
        for (name, shades) in [("dark", DARK), ("light", LIGHT), ("high-contrast", CONTRAST)] {
            let (ground, running) = (shades[GROUND], shades[RUNNING]);
            for (role, (sixteen, indexed, rgb)) in ROLES.iter().zip(shades) {
                if ["rule", "running", "ground"].contains(role) {
                    continue;
                }
                for (colour, ground) in
                    [(rgb, ground.2), (of_index(indexed), of_index(ground.1)), (of_index(sixteen), of_index(ground.0))]
                {
                    let ratio = contrast(colour, ground);
                    assert!(ratio >= READABLE, "{name} {role}: {colour:06x} on {ground:06x}: {ratio:.2}");
                }
                for (colour, running) in [(rgb, running.2), (of_index(indexed), of_index(running.1))] {
                    let lit = contrast(colour, running);
                    assert!(lit >= 3.8, "{name} {role}: {colour:06x} on the running line {running:06x}: {lit:.2}");
                }
            }
        }
    }

    #[test]
    fn a_colour_that_is_set_is_shown_and_one_that_cannot_be_read_is_told() {
        let of =
            |role: &str, rgb, line| ColourSetting { theme: "dark".into(), role: role.into(), rgb, places: None, line };
        let (mut palettes, mut complaints) = (Palettes::default(), Vec::new());
        palettes.set(&[of("tcp", 0x00ff_0001, 3), of("dim", 0x0022_2222, 4)], &mut complaints);
        let red = palettes.theme(Palette::Dark, Depth::True).layer(Layer::Tcp);
        assert_eq!(red.fg, Some(Color::Rgb(255, 0, 1)));
        assert_eq!(palettes.theme(Palette::Dark, Depth::Indexed).layer(Layer::Tcp).fg, Some(Color::Indexed(196)));
        assert_eq!(palettes.theme(Palette::Dark, Depth::Sixteen).layer(Layer::Tcp).fg, Some(Color::Indexed(9)));
        assert_eq!(palettes.theme(Palette::Light, Depth::True), Theme::new(Palette::Light, Depth::True));
        assert_eq!(complaints.iter().map(|complaint| complaint.line).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_ground_is_painted_where_the_terminals_own_would_not_do() {
        let theme = |palette| Theme::new(palette, Depth::Indexed);
        assert!(theme(Palette::Light).paints(None) && theme(Palette::Contrast).paints(None));
        assert!(!theme(Palette::Dark).paints(None) && theme(Palette::Dark).paints(Some(true)));
        assert!(!theme(Palette::Mono).paints(Some(true)));
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
