// The only script that Streamlit carries: the drawing lies in browser.js, at a versioned, cacheable address.
export default async function (component) {
  const { draw } = await import(new URL(component.data.assets + "browser.js", document.baseURI).href);
  return draw(component);
}
