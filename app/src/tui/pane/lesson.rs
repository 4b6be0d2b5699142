//! The lesson: what it tells, its question before the answer, the answer with the evidence of the run, its tasks and its end.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{PaneStyle, Panel, panel};
use crate::i18n::Message;
use crate::picture::{Beat, Certainty, Closing, Lesson, Question, Ranking, Verdict, Work};
use crate::tui::canvas::{Canvas, width_of, wrap};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, lesson: &Lesson, look: &PaneStyle) {
    let beat = Message::BeatOf.fill(look.lang, &[&lesson.beat.to_string(), &lesson.beats.to_string()]);
    let remark = match &lesson.shows {
        Beat::Words | Beat::Closing(_) => look.say(Message::LessonKeys),
        Beat::Predict(_) => look.say(Message::NoPenalty),
        Beat::Reveal(_) => look.say(Message::Evidence),
        Beat::Work(_) => look.say(Message::WorkKeys),
        Beat::Ranking(_) => look.say(Message::RankingKeys),
    };
    let inner = panel(area, buffer, &Panel { title: &lesson.title, subject: &beat, remark, foot: "" }, look);
    let mut page = Page { canvas: Canvas::new(buffer, inner), y: 0, look };
    // An answer needs the room, and what led to it has been read.
    if !matches!(lesson.shows, Beat::Reveal(_)) {
        for line in &lesson.narration {
            page.words(line, look.theme.text);
        }
    }
    match &lesson.shows {
        Beat::Words => {}
        Beat::Predict(question) => predict(&mut page, question),
        Beat::Reveal(verdict) => reveal(&mut page, verdict),
        Beat::Work(work) => task(&mut page, work),
        Beat::Ranking(ranking) => rank(&mut page, ranking),
        Beat::Closing(closing) => close(&mut page, closing),
    }
}

/// How many rows the lesson wants inside its border on a screen of a width: it is drawn on paper and measured.
#[must_use]
pub fn rows(lesson: &Lesson, width: u16, look: &PaneStyle) -> u16 {
    let area = Rect::new(0, 0, width, 60);
    let mut paper = Buffer::empty(area);
    render(area, &mut paper, lesson, look);
    let written =
        |y: &u16| (1..width.saturating_sub(1)).any(|x| paper.cell((x, *y)).is_some_and(|cell| cell.symbol() != " "));
    (1..59).rev().find(written).unwrap_or(2).max(2)
}

/// A pen that goes down the page.
struct Page<'a, 'b> {
    canvas: Canvas<'a>,
    y: u16,
    look: &'a PaneStyle<'b>,
}

impl Page<'_, '_> {
    /// Text in as many lines as it needs.
    fn words(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.canvas.width().saturating_sub(2)) {
            self.canvas.put(1, self.y, &line, style);
            self.y = self.y.saturating_add(1);
        }
    }

    /// A word in front, then text.
    fn labelled(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let left = width_of(label) + 3;
        self.canvas.put(1, self.y, label, self.look.theme.strong);
        for line in wrap(text, self.canvas.width().saturating_sub(left + 1)) {
            self.canvas.put(left, self.y, &line, self.look.theme.text);
            self.y = self.y.saturating_add(1);
        }
    }

    fn hint(&mut self, hint: Option<&(usize, String)>) {
        if let Some((number, text)) = hint {
            let label = Message::Hint.fill(self.look.lang, &[&number.to_string()]);
            self.labelled(&label, text);
        }
    }

    fn gap(&mut self) {
        self.y = self.y.saturating_add(1);
    }
}

fn predict(page: &mut Page, question: &Question) {
    let theme = page.look.theme;
    page.words(&question.text, theme.strong);
    for (place, option) in question.options.iter().enumerate() {
        let here = place == question.chosen;
        let letter = char::from(b'a' + u8::try_from(place).unwrap_or(0).min(25));
        page.canvas.put(1, page.y, if here { "▸" } else { " " }, theme.strong);
        page.canvas.put(3, page.y, letter.encode_utf8(&mut [0; 4]), theme.key);
        for line in wrap(option, page.canvas.width().saturating_sub(7)) {
            page.canvas.put(5, page.y, &line, if here { theme.strong } else { theme.text });
            page.gap();
        }
    }
    page.gap();
    how_sure(page, question.certainty);
    page.hint(question.hint.as_ref());
    page.words(page.look.say(Message::StackMarks), theme.dim);
}

fn how_sure(page: &mut Page, certainty: Certainty) {
    let (look, theme) = (page.look, page.look.theme);
    let mut x = page.canvas.put(1, page.y, look.say(Message::HowSure), theme.dim) + 2;
    for (digit, level, message) in [
        ("1", Certainty::Guessing, Message::Guessing),
        ("2", Certainty::Fairly, Message::Fairly),
        ("3", Certainty::Certain, Message::Certain),
    ] {
        let text = format!("{digit} {}", look.say(message));
        if level == certainty {
            x = page.canvas.put(x, page.y, "▐", theme.strong);
            x = page.canvas.put(x, page.y, &text, theme.strong.patch(theme.selected));
            x = page.canvas.put(x, page.y, "▌", theme.strong) + 1;
        } else {
            x = page.canvas.put(x + 1, page.y, &text, theme.dim) + 2;
        }
    }
    page.gap();
}

fn reveal(page: &mut Page, verdict: &Verdict) {
    let (look, theme) = (page.look, page.look.theme);
    let label = width_of(look.say(Message::YourAnswer)).max(width_of(look.say(Message::TheStack))) + 3;
    let not_so = (look.say(Message::NotSo), "✗", theme.bad);
    let ran = (look.say(Message::ItRan), "✓", theme.good);
    if let Some(answer) = &verdict.answer {
        let mark = if verdict.right { ran } else { not_so };
        answer_row(page, label, look.say(Message::YourAnswer), answer, mark);
    }
    if !verdict.right {
        answer_row(page, label, look.say(Message::TheStack), &verdict.truth, ran);
    }
    if !verdict.right && !verdict.reply.is_empty() {
        page.words(&verdict.reply, theme.text);
    }
    for (step, text) in &verdict.evidence {
        let x = page.canvas.put(1, page.y, &format!("{step:>6}"), theme.key) + 2;
        page.canvas.put(x, page.y, text, theme.dim);
        page.gap();
    }
    page.labelled(look.say(Message::Why), &verdict.why);
}

fn answer_row(page: &mut Page, label: u16, who: &str, text: &str, (word, sign, style): (&str, &str, Style)) {
    let theme = page.look.theme;
    let mark = format!("{sign} {word}");
    let right = page.canvas.width().saturating_sub(1);
    page.canvas.put(1, page.y, who, theme.dim);
    page.canvas.put_right(right, page.y, &mark, style);
    let room = right.saturating_sub(label + width_of(&mark) + 2);
    for line in wrap(text, room) {
        page.canvas.put(label, page.y, &line, theme.strong);
        page.gap();
    }
}

fn task(page: &mut Page, work: &Work) {
    let (look, theme) = (page.look, page.look.theme);
    page.words(&work.text, theme.strong);
    if !work.changes.is_empty() {
        page.labelled(look.say(Message::Changes), &work.changes.join(" · "));
    }
    if let Some(complaint) = &work.complaint {
        page.words(complaint, theme.bad);
    }
    if work.done {
        page.words(&format!("✓ {}", look.say(Message::Done)), theme.good);
        page.labelled(look.say(Message::Why), &work.why);
    } else {
        page.hint(work.hint.as_ref());
    }
}

fn rank(page: &mut Page, ranking: &Ranking) {
    let theme = page.look.theme;
    page.words(&ranking.text, theme.strong);
    for (place, step) in ranking.steps.iter().enumerate() {
        let here = place == ranking.chosen && ranking.right.is_none();
        let verdict = ranking.right.as_ref().and_then(|right| right.get(place)).copied();
        let (sign, style) = match verdict {
            Some(true) => ("✓", theme.good),
            Some(false) => ("✗", theme.bad),
            None => (if here { "▸" } else { " " }, theme.strong),
        };
        page.canvas.put(1, page.y, sign, style);
        page.canvas.put(3, page.y, &format!("{}", place + 1), theme.key);
        page.canvas.put(6, page.y, step, if here { theme.strong } else { theme.text });
        page.gap();
    }
    page.hint(ranking.hint.as_ref());
    page.labelled(page.look.say(Message::Why), &ranking.why);
}

fn close(page: &mut Page, closing: &Closing) {
    let look = page.look;
    page.labelled(look.say(Message::ThenAndNow), &closing.then_and_now);
    page.labelled(look.say(Message::OnPaper), &closing.drawing);
    page.labelled(look.say(Message::SayItBack), &closing.say_it_back);
    if closing.said.is_empty() {
        page.words(look.say(Message::SayKeys), look.theme.dim);
    } else {
        page.words(&format!("» {}", closing.said), look.theme.strong);
    }
}
