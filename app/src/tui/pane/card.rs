//! The card of a kernel word, laid over the screen: what it is, where it stands, what was kept, what a kernel of today does, and where
//! it is seen in this run.
//!
//! Marks: `▸` the next time it is seen, `◂` the time before; the selected one is where Enter goes.

use lessons::glossary::Explanation;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use stack::lab::movement::Direction;

use super::overlay::centred;
use super::{PaneStyle, Panel, panel, span_of_microseconds};
use crate::i18n::Message;
use crate::session::sighting::{Side, Told};
use crate::tui::canvas::{Canvas, cells, wrap};

/// A word of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenWord {
    /// As it is shown.
    pub text: String,
    /// The subject of the glossary that it belongs to, where several have the word.
    pub subject: Option<&'static str>,
}

/// A card as it is looked at.
#[derive(Clone, Debug)]
pub struct CardView {
    /// The words of the pane that it was opened from: left and right go through them.
    pub words: Vec<ScreenWord>,
    /// Which of them it is.
    pub word: usize,
    /// What is known of it.
    pub known: Explanation,
    /// Where it is seen: after the cursor, and before it. None of a word that is seen nowhere.
    pub sides: Option<[Side; 2]>,
    /// The side that Enter goes to: 0 after, 1 before.
    pub chosen: usize,
    /// Lines scrolled.
    pub scroll: usize,
    /// The step of the cursor.
    pub step: u64,
}

/// What the mouse meets in a list of places or on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoHit {
    /// A row of the list.
    Row(usize),
    /// What leads to one side of the cursor.
    Side(Direction),
    /// Something else within.
    Within,
    /// Nothing of it.
    Beside,
}

/// Rows under the text: a heading, and one for each side.
fn below(card: &CardView) -> u16 {
    card.sides.as_ref().map_or(0, |_| 3)
}

/// The rectangle of the card on a screen, and its text.
fn place_of(area: Rect, card: &CardView, style: &PaneStyle) -> (Rect, Vec<(String, Style)>) {
    let width = area.width.saturating_sub(2).min(88);
    let lines = lines(card, width.saturating_sub(4), style);
    let height = (cells(lines.len()) + below(card) + 2).min(area.height.saturating_sub(2)).max(5);
    (centred(area, width, height), lines)
}

/// What stands at a place of the screen.
#[must_use]
pub fn hit(area: Rect, card: &CardView, at: Position, style: &PaneStyle) -> GoHit {
    let (over, _) = place_of(area, card, style);
    match over.bottom().checked_sub(at.y) {
        _ if !over.contains(at) => GoHit::Beside,
        Some(3) if card.sides.is_some() => GoHit::Side(Direction::Forward),
        Some(2) if card.sides.is_some() => GoHit::Side(Direction::Backward),
        _ => GoHit::Within,
    }
}

/// Draws the card.
pub fn render(area: Rect, buffer: &mut Buffer, card: &CardView, style: &PaneStyle) {
    let (over, lines) = place_of(area, card, style);
    let sides = below(card);
    Canvas::new(buffer, over).clear(style.theme.text);
    let place = format!("{}/{}", card.word + 1, card.words.len());
    let shown = Panel {
        title: &card.known.word,
        subject: card.known.subject.as_ref().map_or("", |subject| subject.text(style.lang)),
        remark: if card.words.len() > 1 { &place } else { "" },
        foot: style.say(if card.words.len() > 1 { Message::CardKeysMore } else { Message::CardKeys }),
    };
    let inner = panel(over, buffer, &shown, style);
    let text = Rect { height: inner.height.saturating_sub(sides), ..inner };
    let skip = card.scroll.min(lines.len().saturating_sub(usize::from(text.height)));
    let mut canvas = Canvas::new(buffer, text);
    for (row, (line, line_style)) in lines.iter().skip(skip).take(usize::from(text.height)).enumerate() {
        canvas.put(1, cells(row), line, *line_style);
    }
    if lines.len() > usize::from(text.height) + skip {
        canvas.put_right(text.width, text.height.saturating_sub(1), "↓", style.theme.key);
    }
    if let Some(sides) = &card.sides {
        let rows = Rect { y: text.bottom(), height: inner.height - text.height, ..inner };
        let mut canvas = Canvas::new(buffer, rows);
        canvas.put(1, 0, style.say(Message::SeenInRun), style.theme.strong);
        for (row, side) in sides.iter().enumerate() {
            let y = cells(row) + 1;
            side_row(&mut canvas, y, row == 0, side, card.step, style);
            if row == card.chosen {
                canvas.shade(0, y, rows.width, style.theme.selected);
            }
        }
    }
}

/// The text of the card above its last rows, line by line.
fn lines(card: &CardView, width: u16, style: &PaneStyle) -> Vec<(String, Style)> {
    let (known, theme, lang) = (&card.known, style.theme, style.lang);
    let mut lines: Vec<(String, Style)> = Vec::new();
    let mut paragraph = |text: &str, line_style: Style| {
        lines.extend(wrap(text, width).into_iter().map(|line| (line, line_style)));
    };
    paragraph(known.text.text(lang), theme.text);
    paragraph(&known.citation, theme.dim);
    if let Some(now) = &known.now {
        paragraph(&Message::Today.fill(lang, &[now.text(lang)]), theme.text);
    }
    for difference in &known.kept {
        paragraph(&Message::KeptIs.fill(lang, &[&difference.in_words(lang).replace('`', "")]), theme.text);
    }
    lines
}

/// The card in sentences, for who reads no screen: its text, then where it is seen after and before the step of the cursor.
#[must_use]
pub fn sentences(card: &CardView, style: &PaneStyle) -> Vec<String> {
    let mut told = vec![format!("{}:", card.known.word)];
    told.extend(lines(card, u16::MAX, style).into_iter().map(|(line, _)| line));
    for (row, side) in card.sides.iter().flatten().enumerate() {
        let seen = match side {
            Side::Seen(seen) => format!("{} {} {}", place(seen, card.step, style), seen.function, seen.sentence),
            Side::Looking => style.say(Message::StillLooking).to_owned(),
            Side::Nothing => {
                style.say(if row == 0 { Message::NotSeenAhead } else { Message::NotSeenBehind }).to_owned()
            }
            Side::Hidden => style.tell(Message::Hidden).into_owned(),
        };
        told.push(format!("{}: {seen}", style.say(Message::SeenInRun)));
    }
    told
}

/// One side of the cursor: its step, how far away it is, and what happens there.
pub fn side_row(canvas: &mut Canvas, y: u16, ahead: bool, side: &Side, here: u64, style: &PaneStyle) {
    let theme = style.theme;
    let x = canvas.put(1, y, if ahead { "▸" } else { "◂" }, theme.key) + 1;
    let say = |message: Message| style.say(message);
    match side {
        Side::Looking => {
            canvas.put(x, y, say(Message::StillLooking), theme.dim);
        }
        Side::Nothing => {
            canvas.put(x, y, say(if ahead { Message::NotSeenAhead } else { Message::NotSeenBehind }), theme.dim);
        }
        Side::Hidden => {
            canvas.put(x, y, say(Message::Hidden), theme.dim);
        }
        Side::Seen(told) => {
            let x = canvas.put(x, y, &place(told, here, style), theme.text) + 1;
            let x = canvas.put(x, y, &told.function, theme.dim) + 1;
            canvas.put(x, y, &told.sentence, theme.text);
        }
    }
}

fn place(told: &Told, here: u64, style: &PaneStyle) -> String {
    let far = i128::from(told.step) - i128::from(here);
    let step = Message::StepAway.fill(style.lang, &[&told.step.to_string(), &format!("{far:+}")]);
    format!("{step} · {} · {}", span_of_microseconds(told.microseconds), told.host)
}
