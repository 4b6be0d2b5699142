//! httpd: a web server with one page, as servers of 1995 were: it reads a request (HTTP 0.9 or 1.0), answers, and closes.

use super::{Next, Program};

/// A request longer than this is answered as it is: no client may make a process grow.
const LONGEST_REQUEST: usize = 8192;

impl Program {
    pub(super) fn have_request(&mut self, data: &[u8]) -> Next {
        self.request.extend_from_slice(data);
        if !ends_request(&self.request) && self.request.len() < LONGEST_REQUEST {
            return self.read();
        }
        let answer = page(&self.request);
        self.write(answer)
    }
}

/// An empty line ends the head of a request; a request of HTTP 0.9 is one line.
fn ends_request(request: &[u8]) -> bool {
    let blank = request.windows(4).any(|four| four == b"\r\n\r\n") || request.windows(2).any(|two| two == b"\n\n");
    blank || (request.ends_with(b"\n") && !request.windows(5).any(|five| five == b"HTTP/"))
}

/// The one page of the little server.
fn page(request: &[u8]) -> Vec<u8> {
    let body = "<html><head><title>Linux 1.2.13</title></head>\n<body><h1>It is 1995</h1>\n\
                <p>This page was sent by the TCP/IP stack of Linux 1.2.13, rewritten in Rust.</p>\n</body></html>\n";
    let head = request.starts_with(b"HEAD ");
    let mut answer = format!(
        "HTTP/1.0 200 OK\r\nServer: sockscope\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    if !head {
        answer.push_str(body);
    }
    answer.into_bytes()
}
