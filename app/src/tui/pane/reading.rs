//! A text that is read over the screen: the data of a connection, or the entries that tell where 1.2.13 differs. It can be scrolled,
//! and searched for a text; data can be shown as hexadecimal digits too.
//!
//! Marks: `→` `←` which side speaks; `[87 octets not captured]` what is not there; dim lines lie ahead of the present moment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use super::overlay::centred;
use super::{PaneStyle, Panel, empty, panel};
use crate::capture::follow::{Form, LineKind};
use crate::i18n::{Lang, Words};
use crate::session::follow::Streamed;
use crate::tui::canvas::{Canvas, cells, wrap};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A heading.
    Strong,
    /// Text.
    Text,
    /// What matters less, or lies ahead.
    Dim,
    /// What is missing.
    Odd,
}

/// What is read.
#[derive(Clone, Debug)]
pub enum Reading {
    /// The data of a connection.
    Stream(Streamed, Form),
    /// Paragraphs under a title.
    Entries(String, Vec<(Look, String)>),
}

/// A text as it is read.
#[derive(Clone, Debug)]
pub struct ReadingView {
    /// What is read.
    pub reading: Reading,
    /// Lines scrolled.
    pub scroll: usize,
    /// What is being typed to be looked for.
    pub typing: Option<Input>,
    /// That it was not found.
    pub complaint: Option<String>,
}

impl ReadingView {
    /// From its first line on.
    #[must_use]
    pub fn new(reading: Reading) -> Self {
        Self { reading, scroll: 0, typing: None, complaint: None }
    }

    /// Shows data in the other form, from about the same place on.
    pub fn turn(&mut self, area: Rect, lang: Lang) {
        let before = self.lines(area, lang).len().max(1);
        if let Reading::Stream(_, form) = &mut self.reading {
            *form = match form {
                Form::Text => Form::Hex,
                Form::Hex => Form::Text,
            };
            let after = self.lines(area, lang).len();
            self.scroll = self.scroll.saturating_mul(after) / before;
        }
    }

    /// The lines on a screen.
    #[must_use]
    pub fn lines(&self, area: Rect, lang: Lang) -> Vec<(Look, String)> {
        let width = width(area).saturating_sub(4);
        match &self.reading {
            Reading::Stream(stream, form) => {
                let ends = [stream.ends[0].as_str(), stream.ends[1].as_str()];
                let lines = stream.followed.lines(ends, stream.start_ns, (*form, usize::from(width)), lang);
                let look = |time_ns: u64, kind: LineKind| match kind {
                    LineKind::Hole => Look::Odd,
                    _ if time_ns > stream.now_ns => Look::Dim,
                    LineKind::Heading => Look::Strong,
                    LineKind::Data => Look::Text,
                };
                lines.into_iter().map(|line| (look(line.time_ns, line.kind), line.text)).collect()
            }
            Reading::Entries(_, paragraphs) => {
                let wrapped = paragraphs.iter().flat_map(|(look, text)| {
                    let lines = if text.is_empty() { vec![String::new()] } else { wrap(text, width) };
                    lines.into_iter().map(|line| (*look, line))
                });
                wrapped.collect()
            }
        }
    }

    /// How far it can be scrolled on a screen.
    #[must_use]
    pub fn last(&self, area: Rect, lang: Lang) -> usize {
        self.lines(area, lang).len().saturating_sub(page(area))
    }

    /// The next line that has a text, in small letters, behind the first that is seen; around the end too.
    #[must_use]
    pub fn find(&self, wanted: &str, area: Rect, lang: Lang) -> Option<usize> {
        let lines = self.lines(area, lang);
        let has = |place: &usize| lines.get(*place).is_some_and(|(_, line)| line.to_lowercase().contains(wanted));
        (self.scroll + 1..lines.len()).find(has).or_else(|| (0..lines.len()).find(has))
    }
}

fn width(area: Rect) -> u16 {
    area.width.saturating_sub(4).min(104)
}

/// Lines that are seen at once.
#[must_use]
pub fn page(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(4)).max(1)
}

/// Draws the text over the middle of the screen.
pub fn render(area: Rect, buffer: &mut Buffer, view: &ReadingView, style: &PaneStyle) {
    let (theme, lang) = (style.theme, style.lang);
    let lines = view.lines(area, lang);
    let height = cells(lines.len().max(1) + 2).min(area.height.saturating_sub(2)).max(3);
    let over = centred(area, width(area), height);
    Canvas::new(buffer, over).clear(theme.text);
    let (title, subject) = match &view.reading {
        Reading::Stream(stream, _) => {
            (Words::new("Stream", "数据流").text(lang), format!("{} ⇄ {}", stream.ends[0], stream.ends[1]))
        }
        Reading::Entries(subject, _) => (Words::new("Differences", "差异").text(lang), subject.clone()),
    };
    let foot = match &view.reading {
        Reading::Stream(..) => Words::new(
            "↑↓ scroll · / find · n next · x text or hex · Esc closes",
            "↑↓ 滚动 · / 查找 · n 下一处 · x 文本或十六进制 · Esc 关闭",
        ),
        Reading::Entries(..) => {
            Words::new("↑↓ scroll · / find · n next · Esc closes", "↑↓ 滚动 · / 查找 · n 下一处 · Esc 关闭")
        }
    };
    let inner_height = usize::from(over.height.saturating_sub(2));
    let first = view.scroll.min(lines.len().saturating_sub(inner_height));
    let remark = if lines.len() > inner_height { format!("{}/{}", first + 1, lines.len()) } else { String::new() };
    let foot = match (&view.typing, &view.complaint) {
        (Some(typing), _) => format!("/{}▏", typing.value()),
        (None, Some(complaint)) => complaint.clone(),
        (None, None) => foot.text(lang).to_owned(),
    };
    let shown = Panel { title, subject: &subject, remark: &remark, foot: &foot };
    let inner = panel(over, buffer, &shown, style);
    if lines.is_empty() {
        let nothing = Words::new("no data has been sent yet", "还没有发送任何数据");
        empty(inner, buffer, nothing.text(lang), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, inner);
    for (y, (look, line)) in lines.iter().skip(first).take(usize::from(inner.height)).enumerate() {
        let look = match look {
            Look::Strong => theme.strong,
            Look::Text => theme.text,
            Look::Dim => theme.dim,
            Look::Odd => theme.changed,
        };
        canvas.put_within(1, cells(y), inner.width.saturating_sub(1), line, look);
    }
}
