//! The lesson: what it tells, its question before the answer, the answer with the evidence of the run, its tasks and its end.
//!
//! Marks: `▸` the option or step under the cursor; `✓` and `✗` what the run has made of it; a number before a line of evidence is
//! the step that shows it. It says how many rows it wants; on a small screen it is scrolled when it has the focus.

use lessons::{Certainty, Closing, Prediction, Question, Ranking, Shows, Verdict, View, Work};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::capture::seconds;
use crate::i18n::Message;
use crate::picture::Picture;
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// The most rows that a lesson can fill at a beat.
const PAPER: u16 = 60;

/// Cells of a line that is read without losing it, with one of margin on each side: what a screen of 80 columns shows.
const READING: u16 = 78;

/// Draws the pane: on paper as high as it likes, of which the border shows what fits.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let Some(lesson) = &picture.lesson else {
        let inner = panel(area, buffer, &Panel { title: style.title, ..Panel::default() }, style);
        empty(inner, buffer, &style.tell(Message::NoLesson), style);
        return;
    };
    let beat = match lesson.retake {
        Some(_) => style.say(Message::AgainTitle).to_owned(),
        None => Message::BeatOf.fill(style.lang, &[&lesson.beat.to_string(), &lesson.beats.to_string()]),
    };
    let remark = match &lesson.shows {
        Shows::Words | Shows::Closing(_) => style.tell(Message::LessonKeys),
        Shows::Question(_) => style.tell(Message::NoPenalty),
        Shows::Verdict(_) => style.tell(Message::Evidence),
        Shows::Work(_) => style.tell(Message::WorkKeys),
        Shows::Ranking(ranking) if ranking.is_answered() => style.tell(Message::LessonKeys),
        Shows::Ranking(_) => style.tell(Message::RankingKeys),
    };
    let paper = written(lesson, &picture.evidence, area.width.saturating_sub(2), style);
    let is_longer = paper.area.height > area.height.saturating_sub(2);
    let foot = if is_longer { style.say(Message::LessonLonger) } else { "" };
    let inner = panel(area, buffer, &Panel { title: &lesson.title, subject: &beat, remark: &remark, foot }, style);
    let room = usize::from(inner.height);
    let first = cells(window(usize::from(paper.area.height), room, 0, style.scroll));
    for y in 0..inner.height.min(paper.area.height) {
        for x in 0..inner.width.min(paper.area.width) {
            if let (Some(cell), Some(from)) = (buffer.cell_mut((inner.x + x, inner.y + y)), paper.cell((x, first + y)))
            {
                *cell = from.clone();
            }
        }
    }
}

/// What the lesson shows at its beat, written on paper of a width, as high as it came out.
fn written(lesson: &View, evidence: &[u64], width: u16, style: &PaneStyle) -> Buffer {
    let width = width.min(READING);
    let mut paper = Buffer::empty(Rect::new(0, 0, width, PAPER));
    let area = paper.area;
    let mut page = Page { canvas: Canvas::new(&mut paper, area), y: 0, style };
    // An answer needs the room, and what led to it has been read.
    if !matches!(lesson.shows, Shows::Verdict(_)) {
        if let Some(certainty) = lesson.retake {
            let announced = if certainty == Certainty::Certain { Message::AgainCertain } else { Message::Again };
            page.words(style.say(announced), style.theme.strong);
        }
        for line in &lesson.narration {
            page.words(line, style.theme.text);
        }
    }
    match &lesson.shows {
        Shows::Words => {}
        Shows::Question(question) => predict(&mut page, question),
        Shows::Verdict(verdict) => reveal(&mut page, verdict, evidence),
        Shows::Work(work) => task(&mut page, work),
        Shows::Ranking(ranking) => rank(&mut page, ranking),
        Shows::Closing(closing) => close(&mut page, closing),
    }
    let height = page.y.min(PAPER);
    paper.resize(Rect::new(0, 0, width, height));
    paper
}

/// How many rows the lesson wants inside its border on a screen of a width.
#[must_use]
pub fn rows(lesson: &View, evidence: &[u64], width: u16, style: &PaneStyle) -> u16 {
    written(lesson, evidence, width.saturating_sub(2), style).area.height.max(2)
}

/// A pen that goes down the page.
struct Page<'a, 'b> {
    canvas: Canvas<'a>,
    y: u16,
    style: &'a PaneStyle<'b>,
}

impl Page<'_, '_> {
    /// Text in as many lines as it needs.
    fn words(&mut self, text: &str, text_style: Style) {
        for line in wrap(text, self.canvas.width().saturating_sub(2)) {
            self.canvas.put(1, self.y, &line, text_style);
            self.y = self.y.saturating_add(1);
        }
    }

    /// A word in front, then text.
    fn labelled(&mut self, label: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let left = width_of(label) + 3;
        self.canvas.put(1, self.y, label, self.style.theme.strong);
        for line in wrap(text, self.canvas.width().saturating_sub(left + 1)) {
            self.canvas.put(left, self.y, &line, self.style.theme.text);
            self.y = self.y.saturating_add(1);
        }
    }

    fn hint(&mut self, hint: Option<&(u8, String)>) {
        if let Some((number, text)) = hint {
            let label = Message::Hint.fill(self.style.lang, &[&number.to_string()]);
            self.labelled(&label, text);
        }
    }

    fn gap(&mut self) {
        self.y = self.y.saturating_add(1);
    }
}

fn predict(page: &mut Page, question: &Question) {
    let theme = page.style.theme;
    page.words(&question.text, theme.strong);
    for (place, option) in question.options.iter().enumerate() {
        let here = Some(place) == question.chosen;
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
    // What is missing for an answer, or how it is given.
    let (next, next_style) = match (question.chosen, question.certainty) {
        (None, _) => (Message::ChooseFirst, theme.dim),
        (Some(_), None) => (Message::SureFirst, theme.strong),
        (Some(_), Some(_)) => (Message::StackMarks, theme.dim),
    };
    page.words(&page.style.tell(next), next_style);
}

fn how_sure(page: &mut Page, certainty: Option<Certainty>) {
    let (style, theme) = (page.style, page.style.theme);
    let mut x = page.canvas.put(1, page.y, style.say(Message::HowSure), theme.dim) + 2;
    for (digit, level, message) in [
        ("1", Certainty::Guessing, Message::Guessing),
        ("2", Certainty::Fairly, Message::Fairly),
        ("3", Certainty::Certain, Message::Certain),
    ] {
        let text = format!("{digit} {}", style.say(message));
        if Some(level) == certainty {
            x = page.canvas.put(x, page.y, "▐", theme.strong);
            x = page.canvas.put(x, page.y, &text, theme.strong.patch(theme.selected));
            x = page.canvas.put(x, page.y, "▌", theme.strong) + 1;
        } else {
            x = page.canvas.put(x + 1, page.y, &text, theme.dim) + 2;
        }
    }
    page.gap();
}

fn reveal(page: &mut Page, verdict: &Verdict, evidence: &[u64]) {
    let (style, theme) = (page.style, page.style.theme);
    let label = width_of(style.say(Message::YourAnswer)).max(width_of(style.say(Message::TheStack))) + 3;
    let not_so = (style.say(Message::NotSo), "✗", theme.bad);
    let ran = (style.say(Message::ItRan), "✓", theme.good);
    if let Some(answer) = &verdict.answer {
        let mark = if answer.holds { ran } else { not_so };
        answer_row(page, label, style.say(Message::YourAnswer), &answer.text, mark);
    }
    if !verdict.right() {
        answer_row(page, label, style.say(Message::TheStack), &verdict.truth.text, ran);
    }
    if let Some(answer) = verdict.answer.as_ref().filter(|answer| !answer.holds) {
        page.words(&answer.reply, theme.text);
    }
    for (step, piece) in evidence.iter().zip(&verdict.evidence) {
        let x = page.canvas.put(1, page.y, &format!("{step:>6}"), theme.key) + 2;
        page.canvas.put(x, page.y, &piece.text, theme.dim);
        page.gap();
    }
    page.labelled(style.say(Message::Why), &verdict.why);
}

fn answer_row(page: &mut Page, label: u16, who: &str, text: &str, (word, sign, text_style): (&str, &str, Style)) {
    let theme = page.style.theme;
    let mark = format!("{sign} {word}");
    let right = page.canvas.width().saturating_sub(1);
    page.canvas.put(1, page.y, who, theme.dim);
    page.canvas.put_right(right, page.y, &mark, text_style);
    let room = right.saturating_sub(label + width_of(&mark) + 2);
    for line in wrap(text, room) {
        page.canvas.put(label, page.y, &line, theme.strong);
        page.gap();
    }
}

fn task(page: &mut Page, work: &Work) {
    let (style, theme) = (page.style, page.style.theme);
    page.words(&work.text, theme.strong);
    if !work.changes.is_empty() {
        page.labelled(style.say(Message::Changes), &work.changes.join(" · "));
    }
    if let Some(complaint) = &work.complaint {
        page.words(complaint, theme.bad);
    }
    if work.done {
        page.words(&format!("✓ {}", style.say(Message::Done)), theme.good);
        for row in &work.beside {
            let when = |time: Option<u64>| match time {
                Some(time) => Message::AtSecond.fill(style.lang, &[&seconds(time.saturating_mul(1_000))]),
                None => style.say(Message::NeverSo).to_owned(),
            };
            let told = [row.what.clone(), when(row.without), when(row.with)];
            page.words(&Message::BesideRuns.fill(style.lang, &told.each_ref().map(String::as_str)), theme.strong);
        }
        page.labelled(style.say(Message::Why), &work.why);
    } else {
        page.hint(work.hint.as_ref());
    }
}

fn rank(page: &mut Page, ranking: &Ranking) {
    let theme = page.style.theme;
    page.words(&ranking.text, theme.strong);
    if ranking.is_answered() {
        ordered(page, ranking);
    } else {
        for (place, step) in ranking.steps.iter().enumerate() {
            let here = place == ranking.chosen;
            page.canvas.put(1, page.y, if here { "▸" } else { " " }, theme.strong);
            page.canvas.put(3, page.y, &format!("{}", place + 1), theme.key);
            page.canvas.put(6, page.y, step, if here { theme.strong } else { theme.text });
            page.gap();
        }
    }
    page.hint(ranking.hint.as_ref());
    page.labelled(page.style.say(Message::Why), &ranking.why);
}

/// The order of the run, and beside each step the place at which the learner had it.
fn ordered(page: &mut Page, ranking: &Ranking) {
    let (style, theme) = (page.style, page.style.theme);
    let credit = ranking.right.iter().filter(|right| **right).count();
    let said = match ranking.steps.len() {
        0 => style.say(Message::OrderOfRun).to_owned(),
        of => Message::OrderCredit.fill(style.lang, &[&credit.to_string(), &of.to_string()]),
    };
    page.words(&said, theme.dim);
    for (place, step) in ranking.truth.iter().enumerate() {
        let own = ranking.steps.iter().position(|own| own == step);
        let right = own.and_then(|own| ranking.right.get(own)).copied();
        let (sign, sign_style) = match right {
            Some(true) => ("✓", theme.good),
            Some(false) => ("✗", theme.bad),
            None => (" ", theme.strong),
        };
        page.canvas.put(1, page.y, sign, sign_style);
        page.canvas.put(3, page.y, &format!("{}", place + 1), theme.key);
        page.canvas.put(6, page.y, step, theme.text);
        if let Some(own) = own {
            page.canvas.put_right(page.canvas.width().saturating_sub(1), page.y, &format!("{}", own + 1), sign_style);
        }
        page.gap();
    }
}

/// The end card: what one knows, what one had thought, where to go; then what is to be read at leisure.
fn close(page: &mut Page, closing: &Closing) {
    let (style, theme) = (page.style, page.style.theme);
    page.words(style.say(Message::YouKnow), theme.strong);
    for line in &closing.known {
        page.words(&format!("· {line}"), theme.text);
    }
    if !closing.predictions.is_empty() {
        page.words(style.say(Message::FirstSaid), theme.strong);
    }
    for prediction in &closing.predictions {
        predicted(page, prediction);
    }
    if !closing.again.is_empty() {
        let beats: Vec<String> =
            closing.again.iter().map(|beat| Message::BeatNumber.fill(style.lang, &[&beat.to_string()])).collect();
        page.labelled(style.say(Message::LookAgain), &beats.join(" · "));
    }
    if let Some(next) = &closing.next {
        let told = Message::NextLesson.fill(style.lang, &[next]);
        page.words(&style.keys.named_in(&told), theme.key);
    }
    if closing.second_pass.is_some() {
        page.words(&style.tell(Message::SecondPass), theme.key);
    }
    page.words(&Message::HandInBy.fill(style.lang, &[&closing.lesson]), theme.dim);
    page.labelled(style.say(Message::SayItBack), &closing.say_it_back);
    if closing.said.is_empty() {
        page.words(&style.tell(Message::SayKeys), theme.dim);
    } else {
        page.words(&format!("» {}", closing.said), theme.strong);
    }
    page.labelled(style.say(Message::ThenAndNow), &closing.then_and_now);
    page.labelled(style.say(Message::OnPaper), &closing.drawing);
    page.words(&style.tell(Message::DrawingBy), theme.key);
}

/// A first prediction, and beside a wrong one what was true.
fn predicted(page: &mut Page, prediction: &Prediction) {
    let (style, theme) = (page.style, page.style.theme);
    let (said, sign, sign_style) = match &prediction.first {
        Some((said, _)) if prediction.right => (said.as_str(), "✓", theme.good),
        Some((said, _)) => (said.as_str(), "✗", theme.bad),
        None => (style.say(Message::WasSkipped), "·", theme.dim),
    };
    page.canvas.put(1, page.y, sign, sign_style);
    for line in wrap(said, page.canvas.width().saturating_sub(4)) {
        page.canvas.put(3, page.y, &line, theme.text);
        page.gap();
    }
    if !prediction.right {
        page.canvas.put(3, page.y, "→", theme.good);
        for line in wrap(&prediction.truth, page.canvas.width().saturating_sub(6)) {
            page.canvas.put(5, page.y, &line, theme.strong);
            page.gap();
        }
    }
}

/// What the beat says, a paragraph a row: a search stands on the paragraph, at most a little above the line.
fn text(picture: &Picture) -> Vec<String> {
    let Some(lesson) = &picture.lesson else { return Vec::new() };
    let mut rows = lesson.narration.clone();
    match &lesson.shows {
        Shows::Words => {}
        Shows::Question(question) => {
            rows.push(question.text.clone());
            rows.extend(question.options.iter().cloned());
        }
        Shows::Verdict(verdict) => {
            rows.push(verdict.truth.text.clone());
            rows.extend(verdict.evidence.iter().map(|evidence| evidence.text.clone()));
            rows.push(verdict.why.clone());
        }
        Shows::Work(work) => rows.extend([work.text.clone(), work.why.clone()]),
        Shows::Ranking(ranking) => {
            rows.push(ranking.text.clone());
            rows.extend(if ranking.is_answered() { &ranking.truth } else { &ranking.steps }.iter().cloned());
        }
        Shows::Closing(closing) => {
            rows.extend(closing.known.iter().cloned());
            rows.extend(closing.predictions.iter().map(|prediction| prediction.truth.clone()));
            rows.extend([closing.say_it_back.clone(), closing.then_and_now.clone(), closing.drawing.clone()]);
        }
    }
    // As many as can be scrolled over.
    rows.resize(usize::from(PAPER), String::new());
    rows
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|_| 0),
    rows: |picture| picture.lesson.as_ref().map_or(0, |_| usize::from(PAPER)),
    text: Some(text),
    cursor_of: None,
};
