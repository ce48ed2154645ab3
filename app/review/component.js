// The only script that Streamlit carries with every reply: it loads the screen from this server once and
// hands it each new reply. The screen's modules lie beside this file; the server joins them at a cacheable address.
export default async function (component) {
  const { mount } = await import(new URL(component.data.assets + "review.js", document.baseURI).href);
  return mount(component);
}
