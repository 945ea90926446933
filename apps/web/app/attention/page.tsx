export default function AttentionPage() {
  return <p>Attention</p>;
}
