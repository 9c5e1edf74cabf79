#include "report/page_style.h"

namespace riacho::internal {

const std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--page:#fbfbfa;--card:#fff;--ink:#1c2126;--quiet:#5a646e;--rule:#dfe2e5;
--c1:#0a5fa5;--c2:#b04a12;--c3:#00705a;--c4:#84408c;--load:10,95,165}
@media(prefers-color-scheme:dark){:root{--page:#121518;--card:#191d21;--ink:#e7eaed;--quiet:#9ca6b0;--rule:#30363d;
--c1:#6cb5f5;--c2:#f5a25b;--c3:#4fc9a4;--c4:#dba2e2;--load:108,181,245}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1280px;margin:0 auto;padding:28px clamp(14px,3vw,40px) 56px}
h1{font-size:26px;line-height:1.2;font-weight:650;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:20px;font-weight:650;margin:0;overflow-wrap:anywhere}
h3{font-size:14px;font-weight:600;margin:0}
p{margin:4px 0 0}.quiet,.nothing{color:var(--quiet)}
section{margin-top:34px;padding-top:22px;border-top:1px solid var(--rule)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(138px,1fr));gap:18px 22px;margin:20px 0 26px}
.tiles div{min-width:0}
.tiles dt{color:var(--quiet);font-size:13px}
.tiles dd{margin:0}
.tiles dd b{display:block;font-size:25px;line-height:1.25;font-weight:600;letter-spacing:-.01em;white-space:nowrap}
.tiles dd span{color:var(--quiet);font-size:13px;overflow-wrap:anywhere}
.tiles .bad b{color:var(--c2)}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:18px}
figure{margin:0;min-width:0;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:14px 16px 10px}
.wide{grid-column:1/-1}
figcaption{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline;justify-content:space-between;margin-bottom:8px}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0;padding:0;list-style:none;color:var(--quiet);font-size:13px}
.legend li{overflow-wrap:anywhere}
.legend svg{width:24px;height:8px;margin-right:6px;overflow:visible}
.legend svg.shades{width:72px;margin:0 4px}
.plot{position:relative;height:190px;margin-top:22px;outline-offset:6px}
.plot>svg{display:block;width:100%;height:100%;overflow:visible}
.shards{height:clamp(220px,34vw,340px);margin-top:4px}
path{fill:none;vector-effect:non-scaling-stroke}
.grid{stroke:var(--rule);stroke-width:1}
.line{stroke:var(--c);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.d1{stroke-dasharray:6 4}.d2{stroke-dasharray:.5 4.5}.d3{stroke-dasharray:10 4 1 4}
.area{fill:var(--c);fill-opacity:.13}.bar{fill:var(--c)}
.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}
.level{position:absolute;left:0;transform:translateY(-100%);color:var(--quiet);font-size:12px;line-height:1.25;pointer-events:none;
padding-right:4px;background:linear-gradient(90deg,var(--card) 70%,transparent)}
.times{position:relative;height:20px;margin-top:5px;color:var(--quiet);font-size:12px}
.times span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.times .first{transform:none}.times .last{transform:translateX(-100%)}
.cursor{position:absolute;top:0;bottom:0;width:1px;background:var(--quiet);pointer-events:none}
.tip{position:absolute;top:-6px;z-index:1;max-width:100%;padding:6px 9px;border:1px solid var(--rule);border-radius:6px;
background:var(--card);box-shadow:0 2px 10px rgba(0,0,0,.16);font-size:13px;line-height:1.4;pointer-events:none}
.tip b{display:block;font-weight:600}
.tip div{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.lane{fill:rgba(var(--load),.07)}.edge{fill:none;stroke:var(--card);stroke-width:3;vector-effect:non-scaling-stroke;pointer-events:all}
g:hover .edge{stroke:var(--ink);stroke-width:1.5}
.shade{fill:rgb(var(--load))}
.s1{fill-opacity:.12}.s2{fill-opacity:.26}.s3{fill-opacity:.42}.s4{fill-opacity:.6}.s5{fill-opacity:.8}.s6{fill-opacity:1}
.throttled{fill:var(--c2)}
.shard{position:absolute;transform:translateY(-50%);margin-left:5px;padding:0 5px;border-radius:4px;background:var(--card);color:var(--ink);
font-size:12px;line-height:1.4;pointer-events:none}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{padding:4px 14px 4px 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule);font-weight:400}
thead th{color:var(--quiet);vertical-align:bottom}
th:first-child,td.text,th.text{text-align:left}
caption{text-align:left;font-size:14px;font-weight:600;padding-bottom:6px}
.scroll{overflow-x:auto}
details{margin-top:4px;font-size:13px}
details .scroll{max-height:260px;overflow-y:auto;margin-top:4px}
summary{color:var(--quiet);cursor:pointer;width:max-content}
.meter{display:inline-block;width:64px;height:8px;margin-left:8px;border-radius:2px;background:rgba(var(--load),.15);overflow:hidden}
.meter i{display:block;height:100%;background:var(--c1)}
footer{margin-top:40px;color:var(--quiet);font-size:13px}
@media(max-width:560px){.times .minor{display:none}.plot{height:160px}.shards{height:240px}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}.tiles dd b{font-size:21px}figure{padding:12px 12px 8px}}
@media print{.plots{display:block}figure{break-inside:avoid;margin-bottom:14px}details{display:none}}
)css";

const std::string_view kPageScript = R"js(
for (const plot of document.querySelectorAll('.plot[data-periods]')) {
  const figure = plot.closest('figure'), cursor = plot.querySelector('.cursor'), tip = plot.querySelector('.tip');
  const heads = figure.querySelectorAll('thead th'), rows = figure.querySelectorAll('tbody tr'), periods = rows.length;
  let at = -1;
  const hide = () => { at = -1; cursor.hidden = tip.hidden = true; };
  const show = (place) => {
    at = Math.max(0, Math.min(periods - 1, place));
    const cells = rows[at].children, time = document.createElement('b');
    time.textContent = cells[0].textContent + ' UTC';
    tip.replaceChildren(time);
    for (let i = 1; i < cells.length; i++) {
      const line = document.createElement('div');
      line.textContent = heads[i].textContent + '  ' + cells[i].textContent;
      tip.append(line);
    }
    cursor.hidden = tip.hidden = false;
    const x = (at + .5) / periods * plot.clientWidth;
    cursor.style.left = x + 'px';
    const left = x + 12 + tip.offsetWidth > plot.clientWidth ? x - 12 - tip.offsetWidth : x + 12;
    tip.style.left = Math.max(0, Math.min(left, plot.clientWidth - tip.offsetWidth)) + 'px';
  };
  plot.addEventListener('pointermove', (event) => {
    const box = plot.getBoundingClientRect();
    show(Math.floor((event.clientX - box.left) / box.width * periods));
  });
  plot.addEventListener('pointerleave', hide);
  plot.addEventListener('blur', hide);
  plot.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowRight') show(at + 1);
    else if (event.key === 'ArrowLeft') show(at < 0 ? periods - 1 : at - 1);
    else if (event.key === 'Escape') hide();
    else return;
    event.preventDefault();
  });
}
)js";

}  // namespace riacho::internal
