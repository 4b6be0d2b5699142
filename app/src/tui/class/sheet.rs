//! The text of a beat as a class reads it: written on a sheet of a width, as high as it comes out.
//!
//! Marks: a letter on its own ground is an option; `▸` stands before the count that is being typed, never before an option; `✓`
//! marks what the run made true, once it is revealed. `▓` is the share of the votes of a round.

use lessons::{Closing, Ranking, Shows, View, Work};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::words;
use crate::i18n::Message;
use crate::lesson::both_runs;
use crate::picture::Picture;
use crate::picture::class::{ClassOption, ClassPage, ClassPicture};
use crate::tui::canvas::{Canvas, width_of, wrap};
use crate::tui::pane::{PaneStyle, bar};

/// The most rows of a sheet.
const PAPER: u16 = 120;
/// Where the text of an option begins, behind its letter.
const INDENT: u16 = 6;
/// Cells of a bar of votes.
const BAR: u16 = 40;

/// A written sheet.
#[derive(Default)]
pub(super) struct Sheet(Buffer);

impl Sheet {
    pub(super) fn height(&self) -> u16 {
        self.0.area.height
    }

    /// Copies what fits into a place, from a row on.
    pub(super) fn copy(&self, place: Rect, buffer: &mut Buffer, first: usize) {
        let first = u16::try_from(first).unwrap_or(u16::MAX);
        for y in 0..place.height {
            for x in 0..place.width.min(self.0.area.width) {
                let from = first.checked_add(y).and_then(|row| self.0.cell((x, row)));
                if let (Some(cell), Some(from)) = (buffer.cell_mut((place.x + x, place.y + y)), from) {
                    *cell = from.clone();
                }
            }
        }
    }
}

/// Seconds as a teacher reads them: `0:42`, `12:05`.
pub(super) fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Writes what the class sees of its beat, with `gap` blank rows between two parts.
pub(super) fn written(picture: &Picture, style: &PaneStyle, width: u16, gap: u16) -> Sheet {
    let (Some(lesson), Some(class)) = (&picture.lesson, &picture.class) else { return Sheet::default() };
    let mut paper = Buffer::empty(Rect::new(0, 0, width, PAPER));
    let area = paper.area;
    let mut pen = Pen { canvas: Canvas::new(&mut paper, area), y: 0, end: 0, gap, style };
    match &lesson.shows {
        Shows::Words => pen.narration(lesson),
        Shows::Question(question) => {
            pen.narration(lesson);
            pen.strong(&question.text);
            votes(&mut pen, class, &[class.round]);
            pen.hint(question.hint.as_ref());
        }
        Shows::Verdict(_) if class.page == ClassPage::Why => reasons(&mut pen, lesson, class),
        Shows::Verdict(verdict) => {
            pen.strong(&class.question);
            let rounds: &[usize] = if class.is_counted(1) { &[0, 1] } else { &[0] };
            votes(&mut pen, class, rounds);
            for (step, piece) in picture.evidence.iter().zip(&verdict.evidence) {
                pen.row(&[(format!("{step:>6}  "), style.theme.key), (piece.text.clone(), style.theme.text)]);
            }
        }
        Shows::Work(work) => task(&mut pen, lesson, class, work),
        Shows::Ranking(ranking) => order(&mut pen, lesson, class, ranking),
        Shows::Closing(closing) => close(&mut pen, closing),
    }
    let height = pen.end.min(PAPER);
    paper.resize(Rect::new(0, 0, width, height));
    Sheet(paper)
}

/// A pen that goes down the sheet.
struct Pen<'a, 'b> {
    canvas: Canvas<'a>,
    /// The row that comes next.
    y: u16,
    /// The row behind the last one that was written.
    end: u16,
    gap: u16,
    style: &'a PaneStyle<'b>,
}

impl Pen<'_, '_> {
    fn line(&mut self, x: u16, text: &str, style: Style) {
        self.canvas.put(x, self.y, text, style);
        self.y = self.y.saturating_add(1);
        self.end = self.y;
    }

    /// Text in as many lines as it needs, from a column on.
    fn words(&mut self, x: u16, text: &str, style: Style) {
        for line in wrap(text, self.canvas.width().saturating_sub(x)) {
            self.line(x, &line, style);
        }
    }

    /// A line of several pieces.
    fn row(&mut self, pieces: &[(String, Style)]) {
        let mut x = 0;
        for (text, style) in pieces {
            x = self.canvas.put(x, self.y, text, *style);
        }
        self.y = self.y.saturating_add(1);
        self.end = self.y;
    }

    /// The blank rows between two parts.
    fn part(&mut self) {
        self.y = self.y.saturating_add(self.gap);
    }

    fn narration(&mut self, lesson: &View) {
        for line in &lesson.narration {
            self.line(0, line, self.style.theme.text);
        }
        self.part();
    }

    /// A question, or what else stands out.
    fn strong(&mut self, text: &str) {
        self.words(0, text, self.style.theme.strong);
        self.part();
    }

    /// A heading, and text below it.
    fn headed(&mut self, heading: &str, text: &str) {
        if !text.is_empty() {
            self.line(0, heading, self.style.theme.strong);
            self.words(0, text, self.style.theme.text);
            self.part();
        }
    }

    fn hint(&mut self, hint: Option<&(u8, String)>) {
        if let Some((number, text)) = hint {
            self.headed(&Message::Hint.fill(self.style.lang, &[&number.to_string()]), text);
        }
    }
}

/// The letter of an option, on its own ground.
fn letter(place: usize) -> String {
    format!(" {} ", char::from(b'a' + u8::try_from(place).unwrap_or(0).min(25)))
}

/// The options, each with its bars; the option that the run made true is marked where that is known.
fn votes(pen: &mut Pen, class: &ClassPicture, rounds: &[usize]) {
    let (theme, lang) = (pen.style.theme, pen.style.lang);
    for (place, option) in class.options.iter().enumerate() {
        let is_right = option.holds == Some(true);
        let ground = if is_right { theme.good } else { theme.strong };
        pen.canvas.put(0, pen.y, &letter(place), ground.add_modifier(Modifier::REVERSED));
        if is_right {
            pen.canvas.put(4, pen.y, "✓", theme.good);
        }
        let text = match option.holds {
            Some(true) => theme.good.add_modifier(Modifier::BOLD),
            Some(false) => theme.dim,
            None => theme.text,
        };
        let told = if is_right { words::SO_IT_RAN.text(lang) } else { "{0}" }.replace("{0}", &option.text);
        pen.words(INDENT, &told, text);
        for round in rounds {
            count(pen, class, option, *round, class.counted == Some(place), rounds.len() > 1);
        }
        pen.part();
    }
}

/// The bar of an option in a round, its count and its share; a blank row where nobody was counted.
fn count(pen: &mut Pen, class: &ClassPicture, option: &ClassOption, round: usize, is_typed: bool, is_numbered: bool) {
    let theme = pen.style.theme;
    let mut x = INDENT;
    if is_typed {
        pen.canvas.put(INDENT - 2, pen.y, "▸", theme.strong);
    }
    if is_numbered {
        x = pen.canvas.put(x, pen.y, &format!("{} ", round + 1), theme.key);
    }
    let votes = option.votes.get(round).copied().flatten();
    let total = class.total(round);
    if class.is_counted(round) {
        let votes = votes.unwrap_or(0);
        let is_last = !is_numbered || round > 0;
        let bar = bar(u64::from(votes), u64::from(total.max(1)), BAR);
        let empty = bar.trim_start_matches('▓');
        let full = bar.strip_suffix(empty).unwrap_or("");
        x = pen.canvas.put(x, pen.y, full, if is_last { theme.text } else { theme.dim });
        x = pen.canvas.put(x, pen.y, empty, theme.rule);
        let share = (u64::from(votes) * 200 / u64::from(total.max(1))).div_ceil(2);
        x = pen.canvas.put(x + 2, pen.y, &format!("{votes:>3}"), theme.strong);
        if is_typed {
            pen.canvas.put(x, pen.y, "_", theme.strong);
        }
        pen.canvas.put(x + 2, pen.y, &format!("{share:>3} %"), theme.dim);
    } else if is_typed {
        pen.canvas.put(x, pen.y, "_", theme.strong);
    }
    pen.y = pen.y.saturating_add(1);
    pen.end = pen.y;
}

/// Why it is so: what the run made true, the reason, and what speaks against the others.
fn reasons(pen: &mut Pen, lesson: &View, class: &ClassPicture) {
    let theme = pen.style.theme;
    for (place, option) in class.options.iter().enumerate().filter(|(_, option)| option.holds == Some(true)) {
        pen.canvas.put(0, pen.y, &letter(place), theme.good.add_modifier(Modifier::REVERSED));
        pen.canvas.put(4, pen.y, "✓", theme.good);
        pen.words(INDENT, &option.text, theme.good.add_modifier(Modifier::BOLD));
        pen.words(INDENT, &option.reply, theme.text);
        pen.part();
    }
    if let Shows::Verdict(verdict) = &lesson.shows {
        pen.headed(pen.style.say(Message::Why), &verdict.why);
    }
    let others: Vec<(usize, &ClassOption)> =
        class.options.iter().enumerate().filter(|(_, option)| option.holds == Some(false)).collect();
    if !others.is_empty() {
        pen.line(0, words::AGAINST.text(pen.style.lang), theme.strong);
    }
    for (place, option) in others {
        pen.canvas.put(0, pen.y, &letter(place), theme.strong.add_modifier(Modifier::REVERSED));
        pen.words(INDENT, &option.reply, theme.text);
        if pen.gap > 1 {
            pen.y = pen.y.saturating_add(1);
        }
    }
}

fn task(pen: &mut Pen, lesson: &View, class: &ClassPicture, work: &Work) {
    let (style, theme) = (pen.style, pen.style.theme);
    if class.page == ClassPage::Why {
        pen.strong(&work.text);
        pen.headed(style.say(Message::Why), &work.why);
        return;
    }
    pen.narration(lesson);
    pen.strong(&work.text);
    if let Some(complaint) = &work.complaint {
        pen.words(0, complaint, theme.bad);
    }
    if !work.changes.is_empty() {
        pen.headed(style.say(Message::Changes), &work.changes.join(" · "));
    }
    pen.headed(words::SOLUTION.text(style.lang), &class.solution.join("\n"));
    if !work.done {
        pen.hint(work.hint.as_ref());
        return;
    }
    pen.words(0, &format!("✓ {}", style.say(Message::Done)), theme.good);
    for row in &work.beside {
        pen.words(0, &row.words, theme.strong);
        pen.words(0, &both_runs::told(row, style.lang), theme.text);
    }
}

fn order(pen: &mut Pen, lesson: &View, class: &ClassPicture, ranking: &Ranking) {
    let (style, theme) = (pen.style, pen.style.theme);
    if !ranking.is_answered() {
        pen.narration(lesson);
        pen.strong(&ranking.text);
        for (place, step) in ranking.steps.iter().enumerate() {
            let here = place == ranking.chosen;
            pen.canvas.put(0, pen.y, if here { "▸" } else { " " }, theme.strong);
            pen.canvas.put(2, pen.y, &format!("{}", place + 1), theme.key);
            pen.line(INDENT, step, if here { theme.strong } else { theme.text });
            pen.y = pen.y.saturating_add(pen.gap / 2);
        }
        pen.part();
        pen.hint(ranking.hint.as_ref());
        return;
    }
    pen.strong(style.say(Message::OrderOfRun));
    for (place, step) in ranking.truth.iter().enumerate() {
        let own = ranking.steps.iter().position(|own| own == step);
        pen.canvas.put(2, pen.y, &format!("{}", place + 1), theme.key);
        if let Some(own) = own.filter(|own| *own != place) {
            let told = words::HAD_IT.text(style.lang).replace("{0}", &(own + 1).to_string());
            pen.canvas.put_right(pen.canvas.width(), pen.y, &told, theme.dim);
        }
        let room = pen.canvas.width().saturating_sub(INDENT + width_of(words::HAD_IT.text(style.lang)));
        pen.canvas.put_within(INDENT, pen.y, room, step, theme.text);
        pen.y = pen.y.saturating_add(1);
        pen.end = pen.y;
    }
    pen.part();
    if class.page == ClassPage::Why {
        pen.headed(style.say(Message::Why), &ranking.why);
    }
}

/// The end of the lesson, for everybody: what is known now, and what to do with it. Nobody's answers stand there.
fn close(pen: &mut Pen, closing: &Closing) {
    let style = pen.style;
    pen.line(0, style.say(Message::YouKnow), style.theme.strong);
    for line in &closing.known {
        pen.words(0, &format!("· {line}"), style.theme.text);
    }
    pen.part();
    pen.headed(style.say(Message::ThenAndNow), &closing.then_and_now);
    let said = if closing.said.is_empty() { String::new() } else { format!("\n» {}", closing.said) };
    pen.headed(style.say(Message::SayItBack), &format!("{}{said}", closing.say_it_back));
    pen.headed(style.say(Message::OnPaper), &closing.drawing);
    if let Some(next) = &closing.next {
        let told = Message::NextLesson.fill(style.lang, &[next]);
        pen.words(0, &style.keys.named_in(&told), style.theme.key);
    }
}
