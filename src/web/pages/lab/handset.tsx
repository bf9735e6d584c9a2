/** The receiver and its cord. */
export function Handset({ ringing, lifted }: { ringing: boolean; lifted: boolean }) {
  return (
    <svg
      className="lab-handset"
      viewBox="0 0 92 420"
      data-ringing={ringing || undefined}
      data-lifted={lifted || undefined}
      aria-hidden="true"
      focusable="false"
    >
      <rect className="lab-cradle" x="14" y="18" width="64" height="384" rx="30" />
      <g className="lab-receiver">
        <path
          className="lab-receiver-body"
          d="M20 40C20 20 32 10 46 10s26 10 26 30v52c0 16-8 18-8 34v168c0 16 8 18 8 34v52c0 20-12 30-26 30s-26-10-26-30v-52c0-16 8-18 8-34V126c0-16-8-18-8-34z"
        />
        <path className="lab-receiver-shine" d="M30 38c0-13 7-19 16-19" />
        <g className="lab-holes">
          <circle cx="46" cy="44" r="2.6" />
          <circle cx="37" cy="50" r="2.6" />
          <circle cx="55" cy="50" r="2.6" />
          <circle cx="37" cy="61" r="2.6" />
          <circle cx="55" cy="61" r="2.6" />
          <circle cx="46" cy="67" r="2.6" />
          <circle cx="46" cy="55.500" r="2.600" />
          <circle cx="46" cy="356" r="2.600" />
          <circle cx="38" cy="366" r="2.600" />
          <circle cx="54" cy="366" r="2.600" />
        </g>
      </g>
      <g className="lab-waves">
        <path d="M2 26C6 16 12 9 20 4" />
        <path d="M90 26C86 16 80 9 72 4" />
      </g>
    </svg>
  );
}
